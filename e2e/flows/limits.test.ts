import { expect } from 'vitest';
import type { ChromiumTab } from '../harness/chromium';
import { flow } from '../harness/flow';
import { admit, closeDialog, lead, meetingOf, personalLink, setUp, startMeeting } from '../harness/host';
import type { Participant } from '../harness/participant';
import { ask } from '../harness/wire';

/** Opens the settings that stand behind the others. */
async function moreSettings(host: Participant<ChromiumTab>) {
  const dialog = await lead(host);
  await dialog.getByText('More settings').click();
  return dialog;
}

async function tryToJoin({ name, tab }: Participant<ChromiumTab>, address: string): Promise<void> {
  await tab.page.goto('about:blank');
  await tab.page.goto(address);
  await tab.fill('Your name', name);
  await tab.click('Join');
}

flow('criterion 7: a locked meeting admits nobody, not even by a personal link', async ({ house }) => {
  const anna = await startMeeting(house, 'Anna Ahorn');
  const link = await personalLink(anna, 'Dora Eiche');
  const dialog = await lead(anna);
  await dialog.getByRole('switch', { name: 'Lock the meeting' }).check();
  await closeDialog(anna);
  const bert = await house.person('Bert Birke');
  const { page } = bert.tab;
  const locked = page.getByRole('heading', { name: 'The meeting is locked.' });
  await tryToJoin(bert, meetingOf(anna));
  await locked.waitFor();
  await page.goto('about:blank');
  await page.goto(link);
  await bert.tab.click('Join');
  await locked.waitFor();
  expect((await anna.read()).tiles).toHaveLength(1);

  await (await lead(anna)).getByRole('switch', { name: 'Lock the meeting' }).uncheck();
  await closeDialog(anna);
  await bert.tab.click('Try again');
  await bert.tab.click('Join');
  await anna.sees('Dora Eiche');
});

flow(
  'a meeting with a password asks for it, lets no more in than fit, and never tells it',
  async ({ house }) => {
    const anna = await startMeeting(house, 'Anna Ahorn');
    const password = 'dreizehn Birnen';
    const dialog = await moreSettings(anna);
    await dialog.getByRole('textbox', { name: 'Password of the meeting' }).fill(password);
    await dialog.getByRole('textbox', { name: 'Most participants' }).fill('2');
    await dialog.getByRole('button', { name: 'Save' }).click();
    await dialog.getByText('Saved.').waitFor();
    await dialog.getByRole('combobox', { name: 'Waiting room' }).selectOption({ label: 'For nobody' });
    await closeDialog(anna);

    const bert = await house.person('Bert Birke');
    await tryToJoin(bert, meetingOf(anna));
    const { page } = bert.tab;
    await page.getByText('Type the password of the meeting.').waitFor();
    for (const guess of ['zwölf Birnen', 'vierzehn Birnen']) {
      await bert.tab.fill('Password of the meeting', guess);
      await bert.tab.click('Join');
      await page.getByText('This is not the password.').waitFor();
      await page.locator('button[type=submit]:not([aria-busy=true])').waitFor();
    }
    await bert.tab.fill('Password of the meeting', password);
    await bert.tab.click('Join');
    await bert.sees(anna.name);
    const settings = await ask<{ messages: unknown }>(bert, 'chat.read', { after: 0 });
    expect(settings).toEqual({ messages: [], more: false });

    const clara = await house.person('Clara Buche');
    await clara.tab.open(meetingOf(anna));
    await clara.tab.fill('Your name', clara.name);
    await clara.tab.fill('Password of the meeting', password);
    await clara.tab.click('Join');
    await clara.tab.page.getByRole('heading', { name: 'This meeting is full.' }).waitFor();
    await anna.misses(clara.name);
    expect([anna, bert, clara].flatMap(({ tab }) => tab.heard).join('\n')).not.toContain(password);
  },
);

// A minute is the least that a meeting and a link can be limited to; the two wait for it together.
flow(
  'a meeting warns of its end and ends in time, and a link expires',
  { timeout: 180_000 },
  async ({ house }) => {
    const anna = await setUp(house, 'Anna Ahorn');
    await anna.tab.open(`${house.origin}/-/account`);
    await anna.tab.click('New meeting with a name');
    await anna.tab.fill('Name in the address', 'kurz');
    await anna.tab.click('Save');
    await anna.tab.page.getByRole('link', { name: 'kurz' }).click();
    await anna.enter();
    const invited = await ask<{ secret: string }>(anna, 'invitations.create', {
      kind: 'personal',
      name: 'Emil Esche',
      role: 'participant',
      minutes: 1,
    });
    if (typeof invited === 'string') throw new Error(invited);
    const bert = await admit(house, anna, 'Bert Birke');
    await anna.sees(bert.name);
    expect(await bert.tab.page.getByText('This meeting is over soon.').count()).toBe(0);
    expect(await ask(anna, 'settings.update', { maxMinutes: 1 })).toEqual({});
    for (const { tab } of [anna, bert]) {
      await tab.page.getByText('This meeting is over soon.').waitFor();
      await tab.page.getByText(/Its longest time ends at \d/).waitFor();
    }
    await bert.sees(anna.name);
    for (const { tab } of [anna, bert]) {
      await tab.page.getByRole('heading', { name: 'The meeting is over.' }).waitFor({ timeout: 70_000 });
    }
    const clara = await house.person('Clara Buche');
    await clara.tab.open(`${house.origin}/kurz#invite=${invited.secret}`);
    await clara.tab.page.getByText('This invitation is not valid.').waitFor();
    await clara.tab.page.getByText('It has expired').waitFor();
  },
);
