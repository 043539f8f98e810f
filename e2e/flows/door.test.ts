import { expect } from 'vitest';
import type { ChromiumTab } from '../harness/chromium';
import { flow } from '../harness/flow';
import { atTheDoor, knock, meetingOf, remove, setUp, startMeeting } from '../harness/host';
import type { Participant } from '../harness/participant';

/** Opens a link and waits for the page before joining. */
async function arrive({ name, tab }: Participant<ChromiumTab>, link: string): Promise<void> {
  await tab.open(link);
  await tab.fill('Your name', name);
}

flow('a guest without account waits until the host lets in', async ({ house }) => {
  const anna = await startMeeting(house, 'Anna Ahorn');
  const bert = await knock(house, 'Bert Birke', meetingOf(anna));
  const { page } = anna.tab;
  const row = atTheDoor(anna, bert.name);
  await row.getByText('Guest, name not verified').waitFor(); // criterion 14
  await anna.look('a chime is heard', ({ tones }) => tones > 0);
  await anna.misses(bert.name);
  const waiting = await bert.read(); // criterion 5
  expect(waiting.tiles).toEqual([]);
  expect(waiting.connections).toEqual([]);
  expect(await bert.tab.page.getByText(anna.name).count()).toBe(0);

  await bert.tab.page.reload(); // and still waits
  await bert.tab.page.getByText('A host knows that you are here').waitFor();
  await row.getByRole('button', { name: 'Let in', exact: true }).click();
  await bert.sees(anna.name);
  await anna.sees(bert.name);
  await anna.hears(1);
  await anna.tab.click('Participants');
  const person = page.getByRole('complementary').getByRole('listitem').filter({ hasText: bert.name });
  await person.getByText('Guest, name not verified').waitFor();
});

flow('guests who come before any host are told so, and the host lets all of them in', async ({ house }) => {
  const anna = await setUp(house, 'Anna Ahorn');
  const link = `${house.origin}/kastanienklasse`;
  const bert = await house.person('Bert Birke');
  await arrive(bert, link);
  await bert.tab.page.getByText('Nobody is here yet who can let you in.').waitFor();
  await bert.tab.click('Join');
  await bert.tab.page.getByText('The host is not here yet. Stay, it will go on by itself.').waitFor();
  const clara = await house.person('Clara Buche');
  await arrive(clara, link);
  await clara.tab.page.getByText('Nobody is here yet who can let you in.').waitFor();

  // Who waits can try out the devices.
  const { page } = bert.tab;
  await page.getByRole('combobox', { name: 'Camera' }).selectOption({ label: 'fake_device_2' });
  await bert.look('the chosen camera is open alone', ({ captured }) => {
    const open = captured.filter((track) => track.live && track.kind === 'video');
    return open.length === 1 && open[0]?.label === 'fake_device_2';
  });
  await page.waitForFunction(() => (document.querySelector('video')?.currentTime ?? 0) > 0.5);

  await anna.tab.open(link);
  await anna.tab.page.getByText('Nobody is here yet. You start the meeting as its host.').waitFor();
  await anna.enter();
  await page.getByText('A host knows that you are here and will let you in.').waitFor();
  // The page before joining looks again by itself.
  await clara.tab.page.getByText('After joining you wait until a host lets you in.').waitFor();
  await clara.tab.click('Join');
  await clara.tab.page.getByText('A host knows that you are here').waitFor();
  await anna.tab.click('Let all in');
  for (const guest of [bert, clara]) {
    await guest.sees(anna.name);
    await anna.sees(guest.name);
  }
});

flow('a host refuses everybody who waits at once', async ({ house }) => {
  const anna = await startMeeting(house, 'Anna Ahorn');
  const guests = [
    await knock(house, 'Bert Birke', meetingOf(anna)),
    await knock(house, 'Clara Buche', meetingOf(anna)),
  ];
  await anna.tab.page.getByRole('button', { name: /^Participants/ }).click();
  const panel = anna.tab.page.getByRole('complementary', { name: 'Participants' });
  await panel.getByRole('group', { name: 'Clara Buche' }).waitFor();
  await panel.getByRole('button', { name: 'Refuse all' }).click();
  for (const guest of guests) {
    await guest.tab.page.getByRole('heading', { name: 'You were not let in.' }).waitFor();
    await panel.getByRole('group', { name: guest.name }).waitFor({ state: 'hidden' });
    await anna.misses(guest.name);
  }
  // Refused is not banned: the next knock is heard again.
  const [bert] = guests;
  await bert?.tab.page.reload();
  await bert?.tab.click('Join');
  await panel.getByRole('group', { name: 'Bert Birke' }).waitFor();
});

flow('who comes before the time of a meeting is told when it begins, and waits', async ({ house }) => {
  const anna = await setUp(house, 'Anna Ahorn');
  const { page } = anna.tab;
  await anna.tab.open(`${house.origin}/-/account`);
  await anna.tab.click('New meeting with a name');
  const form = page.getByRole('dialog', { name: 'New meeting with a name' });
  await form.getByRole('textbox', { name: 'Name in the address' }).fill('elternabend');
  await form.getByLabel('Begins').fill('2036-05-06T19:30');
  await form.getByRole('combobox', { name: 'Waiting room' }).selectOption({ label: 'For nobody' });
  await form.getByRole('button', { name: 'Save' }).click();
  await form.waitFor({ state: 'hidden' });
  const row = page.getByRole('listitem').filter({ hasText: 'elternabend' });
  await row.getByRole('button', { name: 'Invite' }).click();
  const invite = page.getByRole('dialog', { name: 'Invite' });
  await invite.getByRole('textbox', { name: 'Name of the person' }).fill('Bert Birke');
  house.accounts.add('Bert Birke');
  await invite.getByRole('button', { name: 'Make the link' }).click();
  const link = await invite.getByText('#invite=').innerText();
  await anna.tab.open(`${house.origin}/elternabend`);
  await anna.enter(); // a host may be there before the time

  const bert = await house.person('Bert Birke');
  const begins = bert.tab.page.getByText(/The meeting begins .*May 6, 2036 at 7:30\sPM/);
  await bert.tab.open(link);
  await begins.waitFor();
  await bert.tab.click('Join');
  await bert.tab.page.getByText('A host knows that you are here').waitFor();
  await begins.waitFor();
  await anna.misses(bert.name);
  await atTheDoor(anna, bert.name).getByRole('button', { name: 'Let in', exact: true }).click();
  await bert.sees(anna.name);
});

flow('a guest who is refused is told so, and who is blocked does not come back', async ({ house }) => {
  const anna = await startMeeting(house, 'Anna Ahorn');
  const bert = await knock(house, 'Bert Birke', meetingOf(anna));
  const row = atTheDoor(anna, bert.name);
  const { page } = bert.tab;
  const refused = page.getByRole('heading', { name: 'You were not let in.' });
  await row.getByRole('button', { name: 'Refuse', exact: true }).click();
  await refused.waitFor();
  await row.waitFor({ state: 'hidden' });
  await anna.misses(bert.name);
  expect(await page.getByRole('button', { name: /Try again|Join again/ }).count()).toBe(0);

  await page.reload();
  await bert.tab.click('Join');
  await row.getByRole('button', { name: 'Refuse and block' }).click();
  await refused.waitFor();
  for (const name of [bert.name, 'Emil Esche']) {
    await page.reload();
    await bert.tab.fill('Your name', name);
    await bert.tab.click('Join');
    await refused.waitFor();
  }
  expect(await anna.tab.page.getByRole('button', { name: 'Let in', exact: true }).count()).toBe(0);
});

flow('criterion 6: who was removed waits again, marked, however they come', async ({ house }) => {
  const anna = await startMeeting(house, 'Anna Ahorn');
  const link = meetingOf(anna);
  const bert = await knock(house, 'Bert Birke', link);
  await atTheDoor(anna, bert.name).getByRole('button', { name: 'Let in', exact: true }).click();
  await anna.sees(bert.name);
  await remove(anna, bert.name);
  const { page } = bert.tab;
  await page.getByRole('heading', { name: 'You were removed from the meeting.' }).waitFor();
  await anna.misses(bert.name);

  const group = await anna.tab.run(
    () => window.stubeWire.ask('invitations.create', { kind: 'group', role: 'participant' }),
    undefined,
  );
  const { secret } = group as { secret: string };
  for (const [name, address] of [
    [bert.name, link],
    ['Emil Esche', link],
    ['Emil Esche', `${link}#invite=${secret}`],
  ] as const) {
    await page.goto('about:blank');
    await page.goto(address);
    await bert.tab.fill('Your name', name);
    await bert.tab.click('Join');
    await page.getByText('A host knows that you are here').waitFor();
    await atTheDoor(anna, name).getByText('Was removed from this meeting before').waitFor();
    await anna.misses(name);
    await bert.tab.click('Leave the waiting room');
    await atTheDoor(anna, name).waitFor({ state: 'hidden' });
  }
  const clara = await knock(house, 'Clara Buche', link); // a guest of the same network is marked more mildly
  await atTheDoor(anna, clara.name).getByText('Same network as somebody who was removed').waitFor();
});
