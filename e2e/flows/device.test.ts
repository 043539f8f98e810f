import { flow } from '../harness/flow';
import type { Reading } from '../harness/probe';

const live = (reading: Reading, kind: string) =>
  reading.captured.filter((track) => track.kind === kind && track.live).map((track) => track.label);

flow('camera and microphone are changed in the meeting', async ({ stage }) => {
  const [anna, bert] = await stage.meet('Anna Ahorn', 'Bert Birke');
  await bert.sees(anna.name);
  const { page } = anna.tab;
  await anna.tab.click('Settings');
  const settings = page.getByRole('dialog', { name: 'Settings' });

  await settings.getByRole('combobox', { name: 'Camera' }).selectOption({ label: 'fake_device_2' });
  await anna.look('only the other camera is open', (reading) => {
    const cameras = live(reading, 'video');
    return cameras.length === 1 && cameras[0] === 'fake_device_2';
  });
  await bert.sees(anna.name);

  await settings.getByRole('combobox', { name: 'Microphone' }).selectOption({ label: 'Fake Audio Input 2' });
  await anna.look('only the other microphone is open', (reading) => {
    const microphones = live(reading, 'audio');
    return microphones.length === 1 && microphones[0] === 'Fake Audio Input 2';
  });
  await bert.hears(1);

  await settings.getByRole('combobox', { name: 'Speaker' }).selectOption({ label: 'Fake Audio Output 2' });
  await anna.hears(1);
  await page.keyboard.press('Escape');
  await settings.waitFor({ state: 'hidden' });
});

flow('the chosen camera is chosen again in the next meeting', async ({ stage }) => {
  const [anna] = await stage.meet('Anna Ahorn');
  await anna.tab.click('Settings');
  await anna.tab.page.getByRole('combobox', { name: 'Camera' }).selectOption({ label: 'fake_device_2' });
  await anna.look('the other camera is open', (reading) => live(reading, 'video').includes('fake_device_2'));
  await anna.join(stage.room);
  await anna.look('it is open again', (reading) => live(reading, 'video').join() === 'fake_device_2');
});

flow('another device is used when one is pulled out', async ({ stage }) => {
  const [anna, bert] = await stage.meet('Anna Ahorn', 'Bert Birke');
  await bert.sees(anna.name);
  const notices = anna.tab.page.getByRole('status', { name: 'Messages' });
  for (const [kind, words] of [
    ['video', 'The camera is gone. Now in use: fake_device_0'],
    ['audio', 'The microphone is gone. Now in use: Fake Default Audio Input'],
  ] as const) {
    await anna.tab.run((one) => window.stubeProbe.unplug(one), kind);
    await notices.getByText(words).waitFor();
  }
  await bert.sees(anna.name);
  await bert.hears(1);
});
