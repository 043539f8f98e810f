import { expect } from 'vitest';
import { faults } from '../harness/axe';
import { flow } from '../harness/flow';

for (const colorScheme of ['light', 'dark'] as const) {
  flow(`nothing keeps people out, ${colorScheme}`, async ({ stage }) => {
    const anna = await stage.person('Anna Ahorn', { colorScheme, reducedMotion: 'reduce' });
    const { page } = anna.tab;
    const check = async (where: string) => {
      expect(await faults(page), where).toEqual([]);
    };
    await anna.tab.open(`${stage.origin}/`);
    await page.getByRole('button', { name: 'Start a meeting' }).waitFor();
    await check('home');

    await anna.tab.open(`${stage.origin}/${stage.room}`);
    await page.locator('video').waitFor();
    await check('before joining');

    await anna.enter();
    await check('alone in a meeting');

    const [bert] = await stage.meet('Bert Birke');
    await anna.sees(bert.name);
    await bert.tab.click('Share screen');
    await anna.sees(bert.name, 'screen');
    await check('in a meeting with a screen');

    await anna.tab.click('Participants');
    await page.getByRole('complementary').waitFor();
    await check('with the list of people');
    await anna.tab.click('Participants');

    await anna.tab.click('Settings');
    const settings = page.getByRole('dialog', { name: 'Settings' });
    await settings.waitFor();
    await check('settings');
    await page.keyboard.press('Escape');
    await page.locator('dialog').waitFor({ state: 'detached' });

    await page.keyboard.press('?');
    const help = page.getByRole('dialog', { name: 'Keyboard shortcuts' });
    await help.waitFor();
    await check('help');
    await page.keyboard.press('Escape');
    await page.locator('dialog').waitFor({ state: 'detached' });

    await anna.tab.click('Leave');
    await page.getByRole('button', { name: 'Join again' }).waitFor();
    await check('after leaving');
  });
}
