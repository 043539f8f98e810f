import { flow } from '../harness/flow';
import type { Participant } from '../harness/participant';
import { tileOf, videoOf } from '../harness/reading';

/** What Chromium's imitation of a screen measures. */
const screen = { width: 1280, height: 720 };

/** Waits until somebody's screen comes in with all its pixels, and goes on. */
async function seesWhole(person: Participant, sharer: Participant): Promise<void> {
  await person.look(`the screen of ${sharer.name} has its size`, (reading) => {
    const video = videoOf(reading, tileOf(reading, sharer.name, 'screen'));
    return video?.width === screen.width && video.height === screen.height;
  });
  await person.sees(sharer.name, 'screen');
}

flow('a shared screen is seen in its own size, and heard', async ({ stage }) => {
  const [anna, bert, clara] = await stage.meet('Anna Ahorn', 'Bert Birke', 'Clara Buche');
  await anna.tab.click('Share screen');
  await seesWhole(bert, anna);
  await seesWhole(clara, anna);
  await bert.hears(3);
  await bert.sees(anna.name);
  await bert.sees(clara.name);

  const [dora] = await stage.meet('Dora Eiche');
  await seesWhole(dora, anna);

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
  await seesWhole(bert, anna);
});
