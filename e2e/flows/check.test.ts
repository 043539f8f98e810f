import { expect } from 'vitest';
import { flow } from '../harness/flow';

flow('one checks the connection before joining, and what it carries is said in words', async ({ stage }) => {
  const anna = await stage.person('Anna Ahorn');
  const { page } = anna.tab;
  await anna.tab.open(`${stage.origin}/${stage.room}`);
  await anna.tab.click('Check the connection');
  await page.getByText('Your connection carries').waitFor({ timeout: 30_000 });
  await page.getByText('Sound and pictures reach the server directly.').waitFor();
  const rates = await page.getByText(/At least .* Mbit\/s up/).textContent();
  const [up = 0, down = 0] = [...(rates ?? '').matchAll(/[\d.]+(?= Mbit)/g)].map(Number);
  expect(Math.min(up, down)).toBeGreaterThan(0.1);
  await anna.enter();
});

flow('where nothing but TCP gets through the check says so', async ({ path, far }) => {
  path.block({ tcp: true });
  const anna = await far.person('Anna Ahorn');
  await anna.tab.open(`${far.origin}/${far.room}`);
  await anna.tab.click('Check the connection');
  await anna.tab.page.getByText('only get through by a detour').waitFor({ timeout: 30_000 });
});
