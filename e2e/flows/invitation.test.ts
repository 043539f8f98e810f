import { readFileSync } from 'node:fs';
import { expect } from 'vitest';
import { eventually } from '../harness/eventually';
import { flow } from '../harness/flow';
import { atTheDoor, closeDialog, personalLink, setUp, startMeeting } from '../harness/host';
import { screens, usable } from '../harness/usable';

/** The secret of a link. */
function secretOf(link: string): string {
  const secret = /#invite=(\w{26})&/.exec(link)?.[1];
  if (!secret) throw new Error(`no secret in ${link}`);
  return secret;
}

flow(
  'criterion 4: a personal link leads past the waiting room, for one holder at a time',
  async ({ house }) => {
    const anna = await startMeeting(house, 'Anna Ahorn');
    const { page } = anna.tab;
    const link = await personalLink(anna, 'Bert Birke');
    const secret = secretOf(link);

    const bert = await house.person('Bert Birke');
    await bert.tab.open(link);
    await bert.tab.page.getByText('Anna Ahorn invites you').waitFor();
    await bert.tab.page.getByText('Signed in on this server').waitFor();
    await bert.tab.page.getByText('on localhost').waitFor();
    await bert.tab.page.getByText('You join as Bert Birke').waitFor();
    expect(bert.tab.page.url()).not.toContain(secret);
    await bert.tab.click('Join');
    await bert.sees(anna.name);
    await anna.sees(bert.name);

    // A second holder is refused, and the first one stays.
    const clara = await house.person('Clara Buche');
    await clara.tab.open(link);
    await clara.tab.click('Join');
    await clara.tab.page.getByText('Somebody is in the meeting with this link.').waitFor();
    await anna.misses(clara.name);
    await bert.sees(anna.name);

    // The first one may load the page again, even when the server has not noticed yet that they are gone.
    await bert.tab.page.reload();
    await bert.tab.click('Join');
    await bert.sees(anna.name);
    await anna.sees(bert.name);
    expect((await anna.read()).tiles).toHaveLength(2);

    // Taken back it holds for nobody any more.
    const panel = page.getByRole('complementary', { name: 'Participants' });
    await panel.getByRole('button', { name: 'Invite' }).click();
    const dialog = page.getByRole('dialog', { name: 'Invite' });
    const listed = dialog.getByRole('listitem').filter({ hasText: bert.name });
    await listed.getByText('in use').waitFor();
    await listed.getByRole('button', { name: 'Take back' }).click();
    await listed.waitFor({ state: 'hidden' });
    await closeDialog(anna);
    await bert.sees(anna.name); // who is in stays in
    await clara.tab.page.goto('about:blank');
    await clara.tab.page.goto(link);
    await clara.tab.page.getByText('This invitation is not valid.').waitFor();
    await clara.tab.click('Go on without the invitation');
    await clara.tab.fill('Your name', clara.name);
    await clara.tab.click('Join');
    await atTheDoor(anna, clara.name).getByText('Guest, name not verified').waitFor();

    const sent = [anna, bert, clara].flatMap(({ tab }) => tab.sent);
    expect(sent.join('\n')).not.toContain(secret);
    expect(house.server.log).not.toContain(secret);
  },
);

flow('who comes by a link that is cut off or of another server is warned', async ({ house }) => {
  const anna = await startMeeting(house, 'Anna Ahorn');
  const link = await personalLink(anna, 'Dora Eiche');
  const bert = await house.person('Bert Birke');
  const { page } = bert.tab;
  await bert.tab.open(link.replace(/.{3}&server=.*/, ''));
  await page.getByText('Part of the link is missing.').waitFor();
  await page.getByText('Check that it leads to this server.').waitFor();
  await page.getByText('on localhost').waitFor();
  expect(await page.getByText('You join as Dora Eiche').count()).toBe(0);

  // A link of another server, or of another meeting: its secret is nobody's here.
  await page.goto('about:blank');
  await page.goto(link.replace(/=.*/, `=${'k3v7q2xm4zpa5hd3tz6vneabcd'}`));
  await page.getByText('This invitation is not valid.').waitFor();
  await page.getByText('belongs to another meeting').waitFor();
  await bert.tab.fill('Your name', bert.name);
  await bert.tab.click('Join');
  await page.getByText('This invitation is not valid.').waitFor();
  await anna.misses(bert.name);
});

flow(
  'criterion 4: who comes by a link for another server is warned, and it gets no secret',
  async ({ house }) => {
    const anna = await startMeeting(house, 'Anna Ahorn');
    const link = await personalLink(anna, 'Bert Birke');
    const secret = secretOf(link);
    const here = `127.0.0.1:${house.server.port}`;
    const made = `localhost:${house.server.port}`;
    expect(link).toContain(`&server=${made}`);

    // As a proxy would that answers by another name: the link leads there, the page comes from the server.
    const bert = await house.person('Bert Birke', {
      locale: 'de-DE',
      reducedMotion: 'reduce',
      ...screens.phone,
    });
    const { page } = bert.tab;
    bert.tab.complaints.expect(new RegExp(`third party: \\w+://${here}/`));
    const told: string[] = [];
    page.on('websocket', (socket) => socket.on('framesent', ({ payload }) => told.push(payload.toString())));
    const join = page.getByRole('button', { name: 'Teilnehmen' });
    await bert.tab.open(link.replace(made, here));
    for (let visit = 1; visit <= 2; visit++) {
      const warning = page.getByRole('alert');
      await warning
        .getByText(`Dieser Link wurde für ${made} gemacht, diese Seite liegt aber auf ${here}.`)
        .waitFor();
      await page.getByText('Nach dem Teilnehmen warten Sie').waitFor();
      expect(await join.isDisabled()).toBe(true);
      expect(await page.getByText(/Sie nehmen teil als|lädt Sie ein/).count()).toBe(0);
      await page.getByRole('textbox').first().press('Enter');
      if (visit === 1) {
        await usable(page, 'link elsewhere');
        await page.reload();
      }
    }
    await eventually(
      'the server was asked for the meeting',
      () => told.filter((one) => one.includes('"peek"')).length >= 2,
    );
    expect(told.join('\n')).not.toContain(secret);

    // It is another name of the same server after all.
    await page.getByRole('button', { name: `Trotzdem auf ${here} weiter` }).click();
    await page.getByText('Sie nehmen teil als Bert Birke').waitFor();
    expect(told.join('\n')).toContain(secret);
    await join.click();
    await anna.sees(bert.name);
  },
);

flow('an invitation is handed on as text, picture and calendar file', async ({ house }) => {
  const anna = await setUp(house, 'Anna Ahorn', { permissions: ['clipboard-read', 'clipboard-write'] });
  const { page } = anna.tab;
  await anna.tab.open(`${house.origin}/-/account`);
  await anna.tab.click('New meeting with a name');
  const form = page.getByRole('dialog', { name: 'New meeting with a name' });
  await form.getByRole('textbox', { name: 'Name in the address' }).fill('chor');
  await form
    .getByRole('textbox', { name: 'Title' })
    .fill('Chorprobe; Kärntner Lieder, erster und zweiter Teil');
  await form.getByLabel('Begins').fill('2027-03-01T19:30');
  await form.getByLabel('Ends').fill('2027-03-01T21:00');
  await form.getByRole('combobox', { name: 'Language' }).selectOption({ label: 'Deutsch' });
  await form.getByRole('button', { name: 'Save' }).click();
  const room = page.getByRole('listitem').filter({ hasText: 'Chorprobe' });
  await room.getByRole('button', { name: 'Invite' }).click();
  const dialog = page.getByRole('dialog', { name: 'Invite' });
  await dialog.getByRole('textbox', { name: 'Name of the person' }).fill('Emil Esche');
  house.accounts.add('Emil Esche');
  await dialog.getByRole('button', { name: 'Make the link' }).click();
  const link = await dialog.getByText('#invite=').innerText();

  await dialog.getByRole('button', { name: 'Copy invitation' }).click();
  await dialog.getByText('Copied.').first().waitFor();
  const text = await page.evaluate(() => navigator.clipboard.readText());
  for (const words of ['Guten Tag Emil Esche', 'Anna Ahorn', 'Chorprobe', '19:30', link, 'localhost']) {
    expect(text).toContain(words); // in the language of the meeting, not in that of the page
  }
  expect(text).not.toMatch(/invites|browser is enough/);

  await dialog.getByRole('button', { name: 'Show QR code' }).click();
  await dialog.getByRole('img', { name: /QR code of the link/ }).waitFor();

  const saving = page.waitForEvent('download');
  await dialog.getByRole('button', { name: 'Calendar file' }).click();
  const download = await saving;
  expect(download.suggestedFilename()).toMatch(/\.ics$/);
  const calendar = readFileSync(await download.path());
  const lines = calendar.toString('utf8').split('\r\n');
  expect(lines.filter((line) => line.includes('\n') || Buffer.byteLength(line) > 75)).toEqual([]);
  const unfolded = calendar.toString('utf8').replaceAll('\r\n ', '').split('\r\n');
  expect(unfolded.slice(0, 2)).toEqual(['BEGIN:VCALENDAR', 'VERSION:2.0']);
  const wanted = [
    /^UID:.+@localhost$/,
    /^DTSTAMP:\d{8}T\d{6}Z$/,
    /^DTSTART:20270301T\d{6}Z$/,
    /^DTEND:20270301T\d{6}Z$/,
  ];
  wanted.push(/^SUMMARY:Chorprobe\\; Kärntner Lieder\\, erster und zweiter Teil$/);
  for (const line of wanted) expect(unfolded).toContainEqual(expect.stringMatching(line));
  expect(unfolded).toContain(`URL:${link}`);
  expect(unfolded.at(-2)).toBe('END:VCALENDAR');
});
