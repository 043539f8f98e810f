import { expect } from 'vitest';
import { flow } from '../harness/flow';

const phone = { viewport: { width: 390, height: 844 }, isMobile: true, hasTouch: true, deviceScaleFactor: 2 };

flow('a meeting fits on a phone', async ({ stage }) => {
  const [bert, clara] = await stage.meet('Bert Birke', 'Clara Buche');
  const anna = await stage.person('Anna Ahorn', phone);
  const { page } = anna.tab;
  const fits = async () => {
    const [content, window] = await page.evaluate(() => [document.documentElement.scrollWidth, innerWidth]);
    expect(content).toBeLessThanOrEqual(window ?? 0);
  };
  await anna.tab.open(`${stage.origin}/`);
  await fits();
  await anna.tab.open(`${stage.origin}/${stage.room}`);
  await fits();
  await anna.enter();
  await anna.sees(bert.name);
  await anna.sees(clara.name);
  await fits();

  const toolbar = page.getByRole('toolbar').getByRole('button');
  expect(await toolbar.count()).toBe(4);
  for (const button of await toolbar.all()) {
    const box = await button.boundingBox();
    expect(Math.min(box?.width ?? 0, box?.height ?? 0), 'a finger hits it').toBeGreaterThanOrEqual(44);
  }
  for (const tile of await page.getByRole('list', { name: 'Meeting' }).getByRole('listitem').all()) {
    const box = await tile.boundingBox();
    if (!box) throw new Error('a tile cannot be seen');
    expect(box.x).toBeGreaterThanOrEqual(0);
    expect(box.x + box.width).toBeLessThanOrEqual(phone.viewport.width);
    expect(box.y + box.height).toBeLessThanOrEqual(phone.viewport.height);
  }

  await page.getByRole('button', { name: 'More' }).tap();
  const drawer = page.getByRole('dialog', { name: 'More' });
  await drawer.waitFor();
  await fits();
  await drawer.getByRole('button', { name: 'Participants' }).tap();
  await page.getByRole('complementary', { name: /Participants/ }).waitFor();
  await fits();
  await page.getByRole('complementary').getByRole('button', { name: 'Close' }).tap();
  await page.getByRole('button', { name: 'Mute microphone' }).tap();
  await bert.finds(anna.name, /microphone off/);
  await page.getByRole('button', { name: 'Leave' }).tap();
  await page.getByRole('button', { name: 'Join again' }).waitFor();
  await fits();
});
