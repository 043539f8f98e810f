import { expect } from 'vitest';
import { flow } from '../harness/flow';

/** What a browser writes into its console when a connection fails, which is what these flows bring about. */
const cut = /^console: WebSocket connection to/;

flow('a dropped connection is resumed while media goes on', async ({ path, far }) => {
  const [anna, bert] = await far.meet('Anna Ahorn', 'Bert Birke');
  for (const one of [anna, bert]) one.tab.complaints.expect(cut);
  await anna.sees(bert.name);
  await bert.sees(anna.name);
  const before = await anna.read();

  path.refuse(true);
  path.cut();
  await anna.tab.page.getByText('The connection is interrupted').waitFor();
  await anna.finds(anna.name, /reconnecting/);
  await anna.sees(bert.name);
  await anna.hears(1);
  await bert.sees(anna.name);

  path.refuse(false);
  await anna.tab.page.getByText('The connection is interrupted').waitFor({ state: 'hidden' });
  await anna.finds(bert.name, /^Bert Birke$/, 20_000);
  await bert.finds(anna.name, /^Anna Ahorn$/, 20_000);
  await anna.sees(bert.name);
  const after = await anna.read();
  expect(after.iceSessions, 'media uses the same transports').toEqual(before.iceSessions);
  expect(after.interruptions, 'no picture began anew').toBe(before.interruptions);
});

flow('what happened meanwhile is known after resuming', async ({ path, far }) => {
  const [anna, bert] = await far.meet('Anna Ahorn', 'Bert Birke');
  for (const one of [anna, bert]) one.tab.complaints.expect(cut);
  await anna.sees(bert.name);
  path.refuse(true);
  path.cut();
  await bert.tab.page.getByText('The connection is interrupted').waitFor();
  await bert.tab.click('Mute microphone');
  await bert.tab.click('Stop camera');
  path.refuse(false);
  await anna.finds(bert.name, /microphone off/, 20_000);
  await anna.look('the picture is gone', ({ tiles }) =>
    tiles.some((tile) => tile.label.startsWith(bert.name) && tile.trackId === undefined),
  );
});

flow('the others see who is reconnecting', async ({ path, far }) => {
  const [anna, bert] = await far.meet('Anna Ahorn', 'Bert Birke');
  for (const one of [anna, bert]) one.tab.complaints.expect(cut);
  await bert.sees(anna.name);
  // Bert is back at once; the browser of Anna believes to be without network.
  await anna.tab.page.context().setOffline(true);
  path.cut();
  await bert.finds(anna.name, /reconnecting/, 20_000);
  await bert.sees(anna.name);
  await anna.tab.page.context().setOffline(false);
  await bert.finds(anna.name, /^Anna Ahorn$/, 20_000);
  await bert.hears(1);
});
