import { expect } from 'vitest';
import { launchChromium } from '../harness/chromium';
import { flow } from '../harness/flow';
import { tileOf } from '../harness/reading';

flow('one sees oneself and is heard by the meter before joining', async ({ stage }) => {
  const anna = await stage.person('Anna Ahorn');
  const { page } = anna.tab;
  await anna.tab.open(`${stage.origin}/${stage.room}`);
  const preview = page.locator('video');
  await preview.waitFor();
  await page.waitForFunction(() => (document.querySelector('video')?.currentTime ?? 0) > 0.5);
  await page.waitForFunction(() => {
    const meter = document.querySelector('[aria-label="Microphone level"]');
    return Number(meter?.getAttribute('aria-valuenow') ?? (meter as HTMLMeterElement | null)?.value) > 0;
  });
  const cameras = page.getByRole('combobox', { name: 'Camera' });
  await cameras.selectOption({ label: 'fake_device_2' });
  await anna.look('the chosen camera is open alone', ({ captured }) => {
    const open = captured.filter((track) => track.live && track.kind === 'video');
    return open.length === 1 && open[0]?.label === 'fake_device_2';
  });
});

flow('nobody joins without a name', async ({ stage }) => {
  const anna = await stage.person('Anna Ahorn');
  await anna.tab.open(`${stage.origin}/${stage.room}`);
  await anna.tab.fill('Your name', '   ');
  await anna.tab.click('Join');
  await anna.tab.page.getByText('Type your name').waitFor();
  await anna.enter();
});

flow('criterion 20: one joins with microphone and camera switched off', async ({ stage }) => {
  const [bert] = await stage.meet('Bert Birke');
  const anna = await stage.person('Anna Ahorn');
  await anna.tab.open(`${stage.origin}/${stage.room}`);
  await anna.look('camera and microphone are open', ({ captured }) => captured.length >= 2);
  await anna.tab.click('Mute microphone');
  await anna.tab.click('Stop camera');
  await anna.look('nothing is captured', ({ captured }) => captured.every((track) => !track.live)); // criterion 20
  await anna.enter();
  await bert.finds(anna.name, /microphone off/);
  await anna.sees(bert.name);
  await anna.hears(1);
  expect(tileOf(await bert.read(), anna.name)?.trackId).toBeUndefined();
  await anna.tab.click('Unmute microphone');
  await anna.tab.click('Start camera');
  await bert.sees(anna.name);
  await bert.hears(1);
});

flow('one joins without any device', async ({ stage }) => {
  const browser = await launchChromium('none');
  stage.owns(() => browser.close());
  const [bert] = await stage.meet('Bert Birke');
  const anna = await stage.person('Anna Ahorn', {}, browser);
  await anna.tab.open(`${stage.origin}/${stage.room}`);
  await anna.tab.page.getByText('Neither a camera nor a microphone was found.').waitFor();
  await anna.enter();
  await anna.sees(bert.name);
  await anna.hears(1);
  await bert.finds(anna.name, /microphone off/);
});

flow(
  'criterion 20: one joins after refusing the devices, with a hint how to allow them',
  async ({ stage }) => {
    const browser = await launchChromium('refused');
    stage.owns(() => browser.close());
    const [bert] = await stage.meet('Bert Birke');
    const anna = await stage.person('Anna Ahorn', {}, browser);
    await anna.tab.open(`${stage.origin}/${stage.room}`);
    await anna.tab.page.getByText('Your browser may use neither camera nor microphone.').waitFor();
    await anna.tab.page.getByText('To allow it, click the symbol left of the address').waitFor();
    await anna.enter();
    await anna.sees(bert.name);
    await anna.hears(1);
    await bert.finds(anna.name, /microphone off/);
  },
);
