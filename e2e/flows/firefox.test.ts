import { flow } from '../harness/flow';

flow('Chromium and Firefox see and hear each other', async ({ stage }) => {
  const [anna] = await stage.meet('Anna Ahorn');
  const bert = await stage.meetInFirefox('Bert Birke');
  await anna.sees(bert.name);
  await bert.sees(anna.name);
  await anna.hears(1);
  await bert.hears(1);

  await bert.tab.click('Mute microphone');
  await anna.finds(bert.name, /microphone off/);
  await anna.hearsNobody(bert.name);
  await anna.tab.click('Mute microphone');
  await bert.finds(anna.name, /microphone off/);
  await bert.tab.click('Leave');
  await anna.misses(bert.name);
});
