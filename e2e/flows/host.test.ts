import { flow } from '../harness/flow';
import { admit, setUp, startMeeting } from '../harness/host';
import { tileOf } from '../harness/reading';

flow(
  'criterion 16: a meeting rests while its only host is away, and goes on afterwards',
  async ({ house }) => {
    const anna = await startMeeting(house, 'Anna Ahorn');
    const bert = await admit(house, anna, 'Bert Birke');
    const clara = await admit(house, anna, 'Clara Buche');
    await bert.sees(clara.name);
    await anna.tab.click('Leave'); // criterion 16
    await bert.tab.page.getByText('No host is here.').waitFor();
    await bert.look('no picture comes', (reading) => tileOf(reading, clara.name)?.trackId === undefined);
    await anna.tab.click('Join again');
    await anna.enter();
    await bert.tab.page.getByText('No host is here.').waitFor({ state: 'hidden' });
    await anna.finds(bert.name, /^Bert Birke/);
    await bert.sees(anna.name);
  },
);

flow('the host ends the meeting for all', async ({ house }) => {
  const anna = await startMeeting(house, 'Anna Ahorn');
  const bert = await admit(house, anna, 'Bert Birke');
  await anna.tab.click('Lead the meeting');
  await anna.tab.click('End for all');
  const question = anna.tab.page.getByRole('dialog', { name: 'End the meeting for all?' });
  await question.getByRole('button', { name: 'End for all' }).click();
  for (const { tab } of [anna, bert]) {
    await tab.page.getByRole('heading', { name: 'The meeting is over.' }).waitFor();
  }
});

flow('an operator makes an account for somebody, who sets it up by the link', async ({ house }) => {
  const anna = await setUp(house, 'Anna Ahorn');
  const { page } = anna.tab;
  await page.getByRole('link', { name: anna.name }).click();
  await anna.tab.click('Add an account');
  await page.getByRole('textbox', { name: /^Name/ }).last().fill('Bert Birke');
  await page.keyboard.press('Enter');
  const link = await page.getByText('/-/setup#').innerText();
  const bert = await house.person('Bert Birke');
  house.accounts.add(bert.name);
  await bert.tab.open(link);
  await bert.tab.page.getByRole('heading', { name: `Welcome, ${bert.name}` }).waitFor();
  await bert.tab.click('Use a password instead');
  await bert.tab.fill('Password', 'acht Linden im Regen');
  await bert.tab.click('Set the password');
  await bert.tab.page.getByText('Your account is ready').waitFor();
  await bert.tab.click('Start a meeting');
  await bert.enter();

  const row = page.getByRole('listitem').filter({ hasText: bert.name });
  await row.getByRole('button', { name: 'Remove', exact: true }).click();
  const question = page.getByRole('dialog', { name: `Remove the account of ${bert.name}` });
  await question.getByRole('button', { name: 'Remove', exact: true }).click();
  await row.waitFor({ state: 'hidden' });
});
