import type { Page } from 'playwright-core';
import { flow } from '../harness/flow';
import { knock, meetingOf, startMeeting } from '../harness/host';
import { screens, usable } from '../harness/usable';

const { desktop, phone } = screens;

for (const [screen, options] of Object.entries({ desktop, phone })) {
  flow(`what hosts and guests see can be used by everybody, ${screen}`, async ({ house }) => {
    const still = { reducedMotion: 'reduce', ...options } as const;
    const anna = await startMeeting(house, 'Anna Ahorn', still);
    const { page } = anna.tab;
    const open = async (button: string) => {
      if (screen === 'phone') await anna.tab.click('More');
      await page.getByRole('button', { name: button }).last().click();
    };
    const seen = (what: string, where: Page = page) => usable(where, `guests ${screen} ${what}`);
    const bert = await knock(house, 'Bert Birke', meetingOf(anna), still);
    await seen('waiting', bert.tab.page);
    await page.getByRole('group', { name: bert.name }).waitFor();
    await seen('knock');
    await open('Participants');
    await page.getByRole('complementary').waitFor();
    await seen('people');
    await anna.tab.click('Invite');
    await page.getByRole('dialog', { name: 'Invite' }).waitFor();
    await seen('invite');
    await page.getByRole('textbox', { name: 'Name of the person' }).fill('Clara Buche');
    await anna.tab.click('Make the link');
    await page.getByText('#invite=').waitFor();
    await anna.tab.click('Show QR code');
    await page.getByRole('img', { name: /QR/ }).waitFor();
    await seen('link');
    await page.keyboard.press('Escape');
    await page.getByRole('dialog', { name: 'Invite' }).waitFor({ state: 'hidden' });
    await page.getByRole('complementary').getByRole('button', { name: 'Let in', exact: true }).click();
    await bert.sees(anna.name);
    await anna.tab.click(`What you can do: ${bert.name}`);
    await seen('person');
    await page.getByRole('complementary').getByRole('button', { name: 'Lead the meeting' }).click();
    await page.getByRole('dialog', { name: 'Lead the meeting' }).waitFor();
    await seen('controls');
    await anna.tab.click('Stop everything');
    const question = page.getByRole('dialog', { name: 'Stop everything?' });
    await question.waitFor();
    await seen('question');
    await question.getByRole('button', { name: 'Stop everything' }).click();
    await bert.tab.page.getByRole('heading', { name: 'Anna Ahorn stopped everything.' }).waitFor();
    await seen('halted', bert.tab.page);
    await page.getByRole('complementary').getByRole('button', { name: 'Close' }).click();
    await page.getByRole('button', { name: 'Bring everybody back' }).waitFor();
    await seen('stopped');
    await anna.tab.click('Bring everybody back');
    await open('Chat');
    await anna.tab.fill('Message', 'Guten Abend, https://example.org/ ist keine Bitte.');
    await page.keyboard.press('Enter');
    await page.getByText('ist keine Bitte').waitFor();
    await seen('chat');
  });
}
