import { expect } from 'vitest';
import { flow } from '../harness/flow';
import { ways } from '../harness/reading';

flow.override('tls', true);

flow('criterion 25: over TLS page, signalling and media over TCP share one port', async ({ path, far }) => {
  path.block({ tcp: true });
  const [anna, bert] = await far.meet('Anna Ahorn', 'Bert Birke');
  await anna.sees(bert.name, 'camera', 30_000);
  await bert.sees(anna.name, 'camera', 30_000);
  await bert.hears(1);
  expect(ways(await anna.read())).toEqual(['tcp', 'tcp']);

  const answer = await anna.tab.page.context().request.get(`${far.origin}/${far.room}`);
  expect(answer.headers()['strict-transport-security']).toMatch(/max-age=\d{8}/);
  expect(answer.headers()['content-security-policy']).not.toContain('unsafe');
});
