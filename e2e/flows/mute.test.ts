import { flow } from '../harness/flow';
import { tileOf } from '../harness/reading';

flow('criterion 20: who mutes is marked and not heard', async ({ stage }) => {
  const [anna, bert] = await stage.meet('Anna Ahorn', 'Bert Birke');
  await bert.hears(1);
  await anna.tab.click('Mute microphone');
  await bert.finds(anna.name, /microphone off/);
  await bert.sees(anna.name);
  await bert.hearsNobody(anna.name);
  await anna.look('the microphone is released', ({ captured }) =>
    // criterion 20
    captured.every((track) => track.kind !== 'audio' || !track.live),
  );
  await anna.tab.click('Unmute microphone');
  await bert.finds(anna.name, /^Anna Ahorn$/);
  await bert.hears(1);
});

flow('criterion 20: who stops the camera is heard and not seen', async ({ stage }) => {
  const [anna, bert] = await stage.meet('Anna Ahorn', 'Bert Birke');
  await bert.sees(anna.name);
  await anna.tab.click('Stop camera');
  await bert.look('the tile has no video', (reading) => {
    const tile = tileOf(reading, anna.name);
    return tile !== undefined && tile.trackId === undefined;
  });
  await anna.look('the camera is released', ({ captured }) =>
    // criterion 20
    captured.every((track) => track.kind !== 'video' || !track.live),
  );
  await bert.hears(1);
  await anna.tab.click('Start camera');
  await bert.sees(anna.name);
});

flow('who comes later sees who is muted', async ({ stage }) => {
  const [anna] = await stage.meet('Anna Ahorn');
  await anna.tab.click('Mute microphone');
  const [bert] = await stage.meet('Bert Birke');
  await bert.finds(anna.name, /microphone off/);
  await bert.sees(anna.name);
});
