import { expect } from 'vitest';
import { faults } from '../harness/axe';
import { flow } from '../harness/flow';
import { meetingOf, startMeeting } from '../harness/host';

flow('the page speaks the language of the browser, and another when told', async ({ stage }) => {
  const anna = await stage.person('Anna Ahorn', { locale: 'de-CH' });
  const { page } = anna.tab;
  await anna.tab.open(`${stage.origin}/`);
  await page.getByRole('button', { name: 'Treffen beginnen' }).waitFor();
  expect(await page.locator('html').getAttribute('lang')).toBe('de');

  await page.getByRole('combobox', { name: 'Sprache' }).selectOption({ label: 'English' });
  await page.getByRole('button', { name: 'Start a meeting' }).waitFor();
  expect(await page.locator('html').getAttribute('lang')).toBe('en');

  await page.reload();
  await page.getByRole('button', { name: 'Start a meeting' }).waitFor();
});

flow('the language changes in the meeting', async ({ stage }) => {
  const [anna, bert] = await stage.meet('Anna Ahorn', 'Bert Birke');
  const { page } = anna.tab;
  await anna.sees(bert.name);
  await anna.tab.click('Settings');
  await page.getByRole('combobox', { name: 'Language' }).selectOption({ label: 'Deutsch' });
  await page.getByRole('dialog', { name: 'Einstellungen' }).waitFor();
  await page.keyboard.press('Escape');
  await page.getByRole('button', { name: 'Mikrofon ausschalten' }).waitFor();
  await page
    .getByRole('list', { name: 'Treffen' })
    .getByRole('listitem', { name: 'Anna Ahorn (Sie)' })
    .waitFor();
});

flow('other languages get English', async ({ stage }) => {
  const anna = await stage.person('Anna Ahorn', { locale: 'fr-FR' });
  await anna.tab.open(`${stage.origin}/`);
  await anna.tab.page.getByRole('button', { name: 'Start a meeting' }).waitFor();
});

flow('a guest waits and is let in, in German', async ({ house }) => {
  const anna = await startMeeting(house, 'Anna Ahorn');
  const phone = { viewport: { width: 390, height: 844 }, isMobile: true, hasTouch: true };
  const bert = await house.person('Bert Birke', { locale: 'de-DE', reducedMotion: 'reduce', ...phone });
  const { page } = bert.tab;
  await bert.tab.open(meetingOf(anna));
  await page.getByText('Anna Ahorn lädt Sie ein').waitFor();
  expect(await faults(page)).toEqual([]);
  await bert.tab.fill('Ihr Name', bert.name);
  await bert.tab.click('Teilnehmen');
  await page.getByText('Warteraum').first().waitFor();
  expect(await faults(page)).toEqual([]);
  const atTheDoor = anna.tab.page.getByRole('group', { name: bert.name });
  await atTheDoor.getByRole('button', { name: 'Let in', exact: true }).click();
  await page.getByRole('list', { name: 'Treffen' }).getByRole('listitem', { name: anna.name }).waitFor();
  expect(await faults(page)).toEqual([]);
});
