import { expect } from 'vitest';
import { flow } from '../harness/flow';
import { tileOf } from '../harness/reading';

/** What Chromium's imitation of a screen measures. */
const screen = { width: 1280, height: 720 };

flow('a shared screen is seen in its own size, and heard', async ({ stage }) => {
  const [anna, bert, clara] = await stage.meet('Anna Ahorn', 'Bert Birke', 'Clara Buche');
  await anna.tab.click('Share screen');
  expect(await bert.sees(anna.name, 'screen')).toMatchObject(screen);
  expect(await clara.sees(anna.name, 'screen')).toMatchObject(screen);
  await bert.hears(3);
  await bert.sees(anna.name);
  await bert.sees(clara.name);

  const [dora] = await stage.meet('Dora Eiche');
  expect(await dora.sees(anna.name, 'screen')).toMatchObject(screen);

  await anna.tab.click('Stop sharing');
  for (const one of [bert, clara, dora]) {
    await one.look('the screen is gone', (reading) => tileOf(reading, anna.name, 'screen') === undefined);
  }
  await anna.look(
    'the screen is released',
    ({ captured }) => captured.filter((track) => track.live).length === 2,
  );
});

flow('two people share, each one screen', async ({ stage }) => {
  const [anna, bert] = await stage.meet('Anna Ahorn', 'Bert Birke');
  await anna.tab.click('Share screen');
  await bert.sees(anna.name, 'screen');
  await bert.tab.click('Share screen');
  await anna.sees(bert.name, 'screen');
  await bert.sees(anna.name, 'screen');
});

flow('a film is shared with its frames', async ({ stage }) => {
  const [anna, bert] = await stage.meet('Anna Ahorn', 'Bert Birke');
  const { page } = anna.tab;
  await anna.tab.click('What do you want to show?');
  await page.getByRole('menuitem', { name: 'Film' }).click();
  await bert.look(
    'the film has its size',
    (reading) => tileOf(reading, anna.name, 'screen')?.width === screen.width,
    20_000,
  );
  await bert.sees(anna.name, 'screen');
});
