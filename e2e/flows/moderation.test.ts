import { readFileSync } from 'node:fs';
import { expect } from 'vitest';
import { eventually } from '../harness/eventually';
import { flow } from '../harness/flow';
import {
  account,
  actOn,
  admit,
  atTheDoor,
  closeDialog,
  lead,
  logIn,
  meetingOf,
  personalLink,
  remove,
  setUp,
  startMeeting,
} from '../harness/host';
import { inbound, number } from '../harness/reading';
import type { Reading } from '../harness/probe';
import { ask, idOf } from '../harness/wire';

function heard(reading: Reading): number {
  return inbound(reading, 'audio').reduce((sum, one) => sum + number(one.packetsReceived), 0);
}

flow('criterion 12: the packets of a guest whom the host mutes stop', async ({ house }) => {
  const anna = await startMeeting(house, 'Anna Ahorn');
  const bert = await admit(house, anna, 'Bert Birke');
  await anna.hears(1);
  await anna.sees(bert.name);
  await anna.tab.click('Participants');
  await anna.tab.click(`What you can do: ${bert.name}`);
  await anna.tab.click('Mute'); // criterion 12
  await bert.tab.page.getByText('Anna Ahorn switched off your microphone.').waitFor();
  await anna.finds(bert.name, /microphone off/);
  await eventually('no packet of the voice comes in', async () => {
    const before = heard(await anna.read());
    await anna.sees(bert.name);
    return heard(await anna.read()) === before;
  });
  await bert.tab.click('Unmute microphone');
  await anna.hears(1);
});

flow(
  'criterion 6: who is banned comes back neither by reload nor by another name or link',
  async ({ house }) => {
    const anna = await startMeeting(house, 'Anna Ahorn');
    const bert = await admit(house, anna, 'Bert Birke');
    const link = await personalLink(anna, 'Dora Eiche');
    const group = await ask<{ secret: string }>(anna, 'invitations.create', {
      kind: 'group',
      role: 'participant',
    });
    if (typeof group === 'string') throw new Error(group);
    await remove(anna, bert.name, true);
    const { page } = bert.tab;
    await page.getByRole('heading', { name: 'You were removed from the meeting.' }).waitFor();
    await page.getByText('A host decided that you cannot come back to this meeting.').waitFor();
    expect(await page.getByRole('button', { name: /Try again|Join again/ }).count()).toBe(0);
    await anna.misses(bert.name);

    const address = meetingOf(anna);
    for (const [name, way] of [
      [bert.name, address],
      ['Emil Esche', address],
      ['Emil Esche', `${address}#invite=${group.secret}`],
      ['', link],
    ] as const) {
      await page.goto('about:blank');
      await page.goto(way);
      if (name) await bert.tab.fill('Your name', name);
      else await page.getByText('Dora Eiche').waitFor();
      await bert.tab.click('Join');
      await page.getByRole('heading', { name: 'You were not let in.' }).waitFor();
      expect(await page.getByRole('button', { name: /Try again|Join again/ }).count()).toBe(0);
    }
    expect(await anna.tab.page.getByRole('button', { name: 'Let in', exact: true }).count()).toBe(0);

    const dialog = await lead(anna);
    const banned = dialog.getByRole('listitem').filter({ hasText: bert.name });
    await banned.getByText('for this meeting').waitFor();
    await banned.getByRole('button', { name: 'Allow again' }).click();
    await banned.waitFor({ state: 'hidden' });
    await closeDialog(anna);
    await page.goto('about:blank');
    await page.goto(address); // the page still has the personal link, which leads no further than the lobby now
    await bert.tab.click('Join');
    await atTheDoor(anna, 'Dora Eiche').getByText('Was removed from this meeting before').waitFor();
  },
);

flow('criterion 6: an account that is banned is banned on every device', async ({ house }) => {
  const anna = await setUp(house, 'Anna Ahorn');
  const carl = await account(house, anna, 'Carl Linde');
  await anna.tab.open(`${house.origin}/kastanienklasse`);
  await anna.enter();
  await carl.tab.open(meetingOf(anna));
  await carl.tab.click('Join');
  const knock = atTheDoor(anna, carl.name);
  await knock.getByText('Signed in on this server').waitFor(); // criterion 14
  await knock.getByRole('button', { name: 'Let in', exact: true }).click();
  await carl.sees(anna.name);
  await remove(anna, carl.name, true);
  await carl.tab.page.getByRole('heading', { name: 'You were removed from the meeting.' }).waitFor();

  const again = await logIn(house, carl.name);
  await again.tab.open(meetingOf(anna));
  await again.tab.click('Join');
  await again.tab.page.getByRole('heading', { name: 'You were not let in.' }).waitFor();
  await anna.misses(carl.name);
});

flow('a host mutes all, covers cameras, ends screens, lowers hands and renames', async ({ house }) => {
  const anna = await startMeeting(house, 'Anna Ahorn');
  const bert = await admit(house, anna, 'Bert Birke');
  const clara = await admit(house, anna, 'Clara Buche');
  await bert.tab.click('Share screen');
  await anna.sees(bert.name, 'screen');
  await clara.tab.click('Raise hand');
  await anna.finds(clara.name, /hand raised/);
  await anna.hears(3);
  await lead(anna);
  for (const act of ['Mute all', 'Stop all cameras', 'Stop all screens', 'Lower all hands']) {
    await anna.tab.click(act);
  }
  await closeDialog(anna);
  for (const { tab } of [bert, clara]) {
    for (const button of ['Unmute microphone', 'Start camera']) {
      await tab.page.getByRole('button', { name: button }).waitFor();
    }
  }
  await bert.tab.page.getByRole('button', { name: 'Share screen' }).waitFor();
  await clara.tab.page.getByRole('button', { name: 'Raise hand' }).waitFor();
  await anna.look('nothing of a guest is left', ({ tiles }) => {
    const others = tiles.slice(1);
    return (
      others.length === 2 && others.every(({ label, trackId }) => /microphone off$/.test(label) && !trackId)
    );
  });

  const row = await actOn(anna, bert.name);
  await row.getByRole('button', { name: 'Rename', exact: true }).click();
  await anna.tab.fill('New name', 'Bertold Birke');
  await anna.tab.page.keyboard.press('Enter');
  await bert.tab.page.getByText('Your name was changed.').waitFor();
  await clara.finds('Bertold Birke', /^Bertold Birke/);
});

flow(
  'criterion 35: a moderator helps, never acts on a host, and the host keeps the log',
  async ({ house }) => {
    const anna = await startMeeting(house, 'Anna Ahorn');
    const bert = await admit(house, anna, 'Bert Birke');
    const clara = await admit(house, anna, 'Clara Buche');
    await bert.sees(clara.name);
    const row = await actOn(anna, bert.name);
    await row.getByRole('combobox', { name: 'Role' }).selectOption({ label: 'Moderator' });
    await bert.tab.page.getByText('You take part as: Moderator.').waitFor();
    await (await actOn(bert, clara.name)).getByRole('button', { name: 'Mute', exact: true }).click();
    await clara.tab.page.getByText('Bert Birke switched off your microphone.').waitFor();

    await (await actOn(bert, anna.name)).getByRole('button', { name: 'Write' }).waitFor();
    const host = await idOf(bert, anna.name);
    for (const [method, params] of Object.entries({
      'participant.remove': { participantId: host, ban: true },
      'participant.rename': { participantId: host, name: 'Nobody' },
      'participant.role': { participantId: host, role: 'viewer' },
      'media.stop': { participantIds: [host], sources: ['microphone'] },
      'hand.lower': { participantIds: [host] },
      'meeting.end': {},
      'log.read': {},
    })) {
      expect(await ask(bert, method, params), method).toBe('forbidden');
    }
    const everyone = { everyone: true, sources: ['microphone', 'camera'] };
    expect(await ask(bert, 'media.stop', everyone)).toEqual({}); // all but hosts and oneself
    await clara.sees(anna.name);
    await clara.hears(2);

    const dialog = await lead(anna);
    await dialog.getByRole('button', { name: 'What was done' }).click();
    const log = anna.tab.page.getByRole('dialog', { name: 'What was done' });
    await log.getByText('Microphone switched off: Clara Buche').waitFor();
    const saving = anna.tab.page.waitForEvent('download');
    await log.getByRole('button', { name: 'Save as a table' }).click();
    const table = readFileSync(await (await saving).path(), 'utf8');
    expect(table).toMatch(/Role changed\W+Bert Birke\W+Anna Ahorn/);
    expect(table).toMatch(/Microphone switched off\W+Clara Buche\W+Bert Birke/);
  },
);
