import { expect } from 'vitest';
import { flow } from '../harness/flow';
import { tileOf } from '../harness/reading';

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

flow('in the meeting a window tells how one is connected', async ({ stage }) => {
  const [anna, bert] = await stage.meet('Anna Ahorn', 'Bert Birke');
  await anna.sees(bert.name);
  await anna.tab.click('Connection');
  const window = anna.tab.page.getByRole('dialog', { name: 'Connection' });
  await window.getByText('direct (UDP)').waitFor();
  const row = window.getByRole('listitem').filter({ hasText: bert.name }).filter({ hasText: 'Camera' });
  await row.getByText(/VP8 · \d+ × \d+/).waitFor();
  await row.getByText(/[1-9]\d* kbit\/s|Mbit\/s/).waitFor();
  const own = window.getByRole('listitem').filter({ hasText: '320 × 180' }).filter({ hasNotText: bert.name });
  await own.getByText('1280 × 720').waitFor(); // the sizes of one picture stand together
  await window.getByText('Your download carries about').waitFor();
});

flow('by sound alone no picture is received', async ({ stage }) => {
  const [anna, bert] = await stage.meet('Anna Ahorn', 'Bert Birke');
  await anna.sees(bert.name);
  await anna.tab.click('Settings');
  await anna.tab.page.getByText('None, sound only').click();
  await anna.tab.page.keyboard.press('Escape');
  await anna.look('the tile has no picture', (reading) => tileOf(reading, bert.name)?.trackId === undefined);
  await anna.hears(1);
  await anna.tab.click('Settings');
  await anna.tab.page.getByText('As sharp as they are shown').click();
  await anna.tab.page.keyboard.press('Escape');
  await anna.sees(bert.name);
});
