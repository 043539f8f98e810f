import { expect } from 'vitest';
import { flow } from '../harness/flow';
import { startMeeting } from '../harness/host';

flow(
  'criterion 4: a personal link leads past the waiting room, for one holder at a time',
  async ({ house }) => {
    const anna = await startMeeting(house, 'Anna Ahorn');
    const { page } = anna.tab;
    await anna.tab.click('Participants');
    await anna.tab.click('Invite');
    const dialog = page.getByRole('dialog', { name: 'Invite' });
    await dialog.getByRole('textbox', { name: 'Name of the person' }).fill('Bert Birke');
    await dialog.getByRole('button', { name: 'Make the link' }).click();
    const link = await dialog.getByText('#invite=').innerText();
    const [, secret = ''] = link.split('#');
    expect(secret.length).toBeGreaterThan(20);
    await page.keyboard.press('Escape');
    await anna.tab.click('Participants');

    const bert = await house.person('Bert Birke');
    await bert.tab.open(link);
    await bert.tab.page.getByText('Anna Ahorn invites you').waitFor();
    await bert.tab.page.getByText('Signed in on this server').waitFor();
    expect(bert.tab.page.url()).not.toContain(secret);
    await bert.tab.click('Join');
    await bert.sees(anna.name);
    await anna.sees(bert.name);

    const clara = await house.person('Clara Buche');
    await clara.tab.open(link);
    await clara.tab.click('Join');
    await clara.tab.page.getByText('Somebody is in the meeting with this link.').waitFor();
    await anna.misses(clara.name);
    await bert.sees(anna.name);
    const sent = [anna, bert, clara].flatMap(({ tab }) => tab.sent);
    expect(sent.join('\n')).not.toContain(secret); // criterion 4
    expect(house.server.log).not.toContain(secret);
  },
);
