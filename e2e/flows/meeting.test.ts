import { expect } from 'vitest';
import { flow } from '../harness/flow';

flow('three people see and hear each other', async ({ stage }) => {
  const people = await stage.meet('Anna Ahorn', 'Bert Birke', 'Clara Buche');
  for (const one of people) {
    for (const other of people) {
      if (other !== one) await one.sees(other.name);
    }
    await one.hears(2);
  }
});

flow('a picture goes on while somebody speaks, mutes, comes and goes', async ({ stage }) => {
  const [anna, bert] = await stage.meet('Anna Ahorn', 'Bert Birke');
  await anna.sees(bert.name);
  const { interruptions } = await anna.read();
  await bert.tab.click('Mute microphone');
  await anna.finds(bert.name, /microphone off/);
  const [clara] = await stage.meet('Clara Buche');
  await anna.sees(clara.name);
  await clara.tab.click('Leave');
  await anna.misses(clara.name);
  await anna.sees(bert.name);
  // Only Clara's own video ended.
  expect((await anna.read()).interruptions - interruptions).toBeLessThanOrEqual(1);
});

flow('criterion 20: who leaves is gone for the others, and can come back', async ({ stage }) => {
  const [anna, bert] = await stage.meet('Anna Ahorn', 'Bert Birke');
  await bert.sees(anna.name);
  await anna.tab.click('Leave');
  await bert.misses(anna.name);
  await anna.look('nothing is captured', ({ captured }) => captured.every((track) => !track.live)); // criterion 20
  await anna.tab.click('Join again');
  await anna.enter();
  await bert.sees(anna.name);
  await anna.sees(bert.name);
  await bert.hears(1);
});

flow('a closed page is gone for the others', async ({ stage }) => {
  const [anna, bert] = await stage.meet('Anna Ahorn', 'Bert Birke');
  await bert.sees(anna.name);
  await anna.tab.page.goto('about:blank');
  await bert.misses(anna.name);
});
