import { statSync } from 'node:fs';
import { resolve } from 'node:path';
import { expect } from 'vitest';
import { flow } from '../harness/flow';
import { tileOf, videoOf } from '../harness/reading';
import { installPortrait, looks } from './portrait';

const file = resolve(import.meta.dirname, '../../docs/meeting.png');
const names = ['Anna', 'Jonas', 'Ruth', 'Emre'];
const options = { viewport: { width: 1120, height: 660 }, colorScheme: 'dark' } as const;

flow('the picture of a meeting for the README', async ({ stage }) => {
  const people = [];
  for (const [index, name] of names.entries()) {
    const person = await stage.person(name, options);
    const drawn = looks[index];
    if (drawn) await person.tab.page.context().addInitScript(installPortrait, drawn);
    await person.tab.open(`${stage.origin}/elternabend-4b`);
    if (name !== 'Jonas') await person.tab.click('Mute microphone');
    await person.enter();
    people.push(person);
  }
  const [anna, ...others] = people;
  if (!anna) throw new Error('nobody is there');
  for (const { name } of others) {
    await anna.look(
      `the picture of ${name} is sharp`,
      (reading) => (videoOf(reading, tileOf(reading, name))?.width ?? 0) >= 640,
      30_000,
    );
    for (let look = 0; look < 4; look++) await anna.sees(name);
  }
  await anna.finds('Jonas', /^Jonas$/);
  const { page } = anna.tab;
  await page.getByRole('status', { name: 'Messages' }).getByText('joined').waitFor({ state: 'hidden' });
  await page.mouse.move(560, 20); // the controls show
  await page.waitForFunction(() => document.getAnimations().every((one) => one.playState !== 'running'));
  await page.screenshot({ path: file });
  expect(statSync(file).size, 'bytes of the picture').toBeLessThan(300_000);
});
