import { flow } from '../harness/flow';
import { tileOf } from '../harness/reading';

flow('keys switch microphone, camera and screen, and show help', async ({ stage }) => {
  const [anna, bert] = await stage.meet('Anna Ahorn', 'Bert Birke');
  const { keyboard } = anna.tab.page;
  await bert.sees(anna.name);

  await keyboard.press('m');
  await bert.finds(anna.name, /microphone off/);
  await keyboard.press('v');
  await bert.look('the picture is gone', (reading) => tileOf(reading, anna.name)?.trackId === undefined);
  await keyboard.press('m');
  await keyboard.press('v');
  await bert.finds(anna.name, /^Anna Ahorn$/);
  await bert.sees(anna.name);

  await keyboard.press('s');
  await bert.sees(anna.name, 'screen');
  await keyboard.press('s');
  await bert.look('the screen is gone', (reading) => tileOf(reading, anna.name, 'screen') === undefined);

  await keyboard.press('?');
  const help = anna.tab.page.getByRole('dialog', { name: 'Keyboard shortcuts' });
  await help.waitFor();
  await keyboard.press('Escape');
  await help.waitFor({ state: 'hidden' });
});

flow('holding space talks while muted', async ({ stage }) => {
  const [anna, bert] = await stage.meet('Anna Ahorn', 'Bert Birke');
  const { keyboard } = anna.tab.page;
  await keyboard.press('m');
  await bert.finds(anna.name, /microphone off/);
  await bert.hearsNobody(anna.name);
  await keyboard.down(' ');
  await bert.finds(anna.name, /^Anna Ahorn$/);
  await bert.hears(1);
  await keyboard.up(' ');
  await bert.finds(anna.name, /microphone off/);
  await bert.hearsNobody(anna.name);
});

flow('keys typed into a text switch nothing', async ({ stage }) => {
  const [anna, bert] = await stage.meet('Anna Ahorn', 'Bert Birke');
  const { page } = anna.tab;
  await anna.tab.click('Participants');
  await anna.tab.click('Change my name');
  await page.getByRole('textbox', { name: 'Your name' }).press('End');
  await page.keyboard.type(' mv s?');
  await page.keyboard.press('Enter');
  await bert.finds(anna.name, /^Anna Ahorn mv s\?$/);
  await bert.sees(anna.name);
});
