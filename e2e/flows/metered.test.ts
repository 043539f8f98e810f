import { flow } from '../harness/flow';
import { tileOf, videoOf } from '../harness/reading';

flow('where data costs money pictures come small until somebody chooses otherwise', async ({ stage }) => {
  const [bert] = await stage.meet('Bert Birke');
  const anna = await stage.person('Anna Ahorn');
  const { page } = anna.tab;
  await page.addInitScript(() => {
    // As a phone tells it (Network Information API).
    const connection = Object.assign(new EventTarget(), { type: 'wifi' });
    Object.defineProperty(navigator, 'connection', { value: connection });
  });
  const comes = (width: number) =>
    anna.look(
      `the picture comes ${width} pixels wide`,
      (reading) => videoOf(reading, tileOf(reading, bert.name))?.width === width,
    );
  await anna.join(stage.room);
  await comes(1280);

  await anna.tab.run(() => {
    const { connection } = navigator as unknown as { connection: EventTarget & { type: string } };
    connection.type = 'cellular';
    connection.dispatchEvent(new Event('change'));
  }, undefined);
  await page.getByText('Data may cost money here, so pictures come and go small.').waitFor();
  await comes(320);
  await anna.tab.click('Settings');
  await page.getByText('Chosen because data may cost money here.').waitFor();
  await page.getByText('As sharp as they are shown').click();
  await page.keyboard.press('Escape');
  await comes(1280);
});
