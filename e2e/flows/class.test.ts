import { expect } from 'vitest';
import type { ChromiumTab } from '../harness/chromium';
import { flow } from '../harness/flow';
import { actOn, admit, atTheDoor, closeDialog, knock, lead, meetingOf, startMeeting } from '../harness/host';
import type { Participant } from '../harness/participant';
import { tileOf } from '../harness/reading';
import { ask, idOf, type Membership } from '../harness/wire';

/** A track as a page would offer it, for somebody who offers it without asking the page. */
function track(transportId: string, kind: 'audio' | 'video', source: string): object {
  const codec = kind === 'audio' ? { mimeType: 'audio/opus', channels: 2 } : { mimeType: 'video/VP8' };
  return {
    transportId,
    kind,
    source,
    rtpParameters: {
      mid: '9',
      codecs: [
        { ...codec, payloadType: 96, clockRate: kind === 'audio' ? 48_000 : 90_000, rtcpFeedback: [] },
      ],
      headerExtensions: [],
      encodings: [{ ssrc: 12_345 }],
      rtcp: { cname: 'a', reducedSize: true },
    },
    ...(kind === 'video' && { size: { width: 640, height: 360 } }),
    ...(source.startsWith('screen') && { group: '1' }),
  };
}

/** Everything that a pupil may not do, as requests to the server. */
async function forbidden(pupil: Participant<ChromiumTab>, host: string, other: string, message: number) {
  const membership = await pupil.tab.run(() => window.stubeWire.membership, undefined);
  const own = (membership as Membership).participantId;
  const { id } = (membership as Membership).send;
  const requests: [string, object][] = [
    ['produce', track(id, 'video', 'screen')],
    ['produce', track(id, 'audio', 'screen-audio')],
    ['produce', track(id, 'audio', 'microphone')],
    ['chat.send', { text: 'Psst', to: other }],
    ['chat.send', { text: 'Psst', to: host }],
    ['chat.retract', { number: message }],
    ['rename', { name: 'Anna Ahorn' }],
    ['lobby.admit', { everyone: true }],
    ['lobby.refuse', { everyone: true, block: true }],
    ['hand.lower', { everyone: true }],
    ['settings.update', { preset: 'conversation' }],
    ['settings.update', { locked: true }],
    ['settings.update', { lobby: 'off' }],
    ['meeting.panic', {}],
    ['meeting.restore', { everyone: true }],
    ['meeting.end', {}],
    ['log.read', {}],
    ['bans.list', {}],
    ['bans.lift', { banId: 'a' }],
    ['invitations.create', { kind: 'group', role: 'participant' }],
    ['invitations.list', {}],
    ['invitations.revoke', { invitationId: 'a' }],
    ['participant.role', { participantId: own, role: 'host' }],
    ['participant.rights', { participantId: own, allowed: ['screen'], denied: [] }],
    ['media.ask', { participantIds: [own], source: 'microphone' }],
  ];
  for (const participantId of [host, other]) {
    requests.push(
      ['media.stop', { participantIds: [participantId], sources: ['microphone', 'camera'] }],
      ['media.ask', { participantIds: [participantId], source: 'microphone' }],
      ['participant.rename', { participantId, name: 'Nobody' }],
      ['participant.role', { participantId, role: 'viewer' }],
      ['participant.rights', { participantId, allowed: [], denied: ['camera'] }],
      ['participant.remove', { participantId, ban: true }],
      ['hand.lower', { participantIds: [participantId] }],
    );
  }
  return requests;
}

/** Lets a pupil try everything; gives what the server didn't forbid. */
async function allowed(pupil: Participant<ChromiumTab>, requests: [string, object][]): Promise<string[]> {
  const found: string[] = [];
  for (const [method, params] of requests) {
    const answer = await ask(pupil, method, params);
    if (answer !== 'forbidden') found.push(`${method} ${JSON.stringify(params)}: ${JSON.stringify(answer)}`);
  }
  return found;
}

flow(
  'criterion 11: in a class a pupil can do nothing forbidden, not even past the page',
  async ({ house }) => {
    const anna = await startMeeting(house, 'Anna Ahorn');
    const dialog = await lead(anna);
    await dialog.getByRole('radio', { name: /^Class/ }).check();
    await closeDialog(anna);
    const bert = await admit(house, anna, 'Bert Birke');
    const clara = await admit(house, anna, 'Clara Buche');
    const dora = await knock(house, 'Dora Eiche', meetingOf(anna));
    await atTheDoor(anna, dora.name).waitFor();
    await clara.tab.click('Raise hand');
    await anna.finds(clara.name, /hand raised/);
    await bert.sees(clara.name);
    const sent = await ask<{ number: number }>(anna, 'chat.send', { text: 'Guten Morgen' });
    if (typeof sent === 'string') throw new Error(sent);

    // What is not allowed isn't offered.
    const { page } = bert.tab;
    expect(await page.getByRole('button', { name: 'Share screen' }).count()).toBe(0);
    expect(await page.getByRole('button', { name: 'Unmute microphone' }).isEnabled()).toBe(false);
    await page.getByRole('button', { name: /^Chat/ }).click();
    await page.getByText('Guten Morgen').waitFor();
    expect(await page.getByRole('combobox', { name: 'To whom' }).count()).toBe(0);

    const requests = await forbidden(
      bert,
      await idOf(bert, anna.name),
      await idOf(bert, clara.name),
      sent.number,
    );
    expect(await allowed(bert, requests)).toEqual([]);

    // A second connection with the own ticket is the same pupil.
    const ticket = await bert.tab.run(() => window.stubeWire.membership?.ticket, undefined);
    await bert.tab.run(() => window.stubeWire.dial(), undefined);
    const room = decodeURIComponent(new URL(meetingOf(anna)).pathname.slice(1));
    expect(await ask(bert, 'resume', { room, ticket })).toMatchObject({ you: { role: 'participant' } });
    await page.getByRole('heading', { name: 'You are in this meeting in another window.' }).waitFor();
    expect(await allowed(bert, requests)).toEqual([]);

    // And nothing of it took effect.
    await anna.tab.click('Chat');
    await anna.tab.page.getByText('Guten Morgen').waitFor();
    expect(await anna.tab.page.getByText(/Psst|Taken back/).count()).toBe(0);
    await atTheDoor(anna, dora.name).waitFor();
    await anna.sees(clara.name);
    await clara.sees(anna.name);
    await clara.hears(1);
    const reading = await anna.read();
    expect(reading.tiles.map(({ label }) => label.replace(/, (unsteady|weak|reduced|no) .*/, ''))).toEqual([
      'Anna Ahorn (you)',
      expect.stringMatching(/^Bert Birke, microphone off/),
      expect.stringMatching(/^Clara Buche, microphone off, hand raised/),
    ]);
    expect(tileOf(reading, bert.name, 'screen')).toBeUndefined();
    const settings = await lead(anna);
    expect(await settings.getByRole('radio', { name: /^Class/ }).isChecked()).toBe(true);
    expect(await settings.getByRole('switch', { name: 'Lock the meeting' }).isChecked()).toBe(false);
    await settings.getByRole('button', { name: 'What was done' }).click();
    const log = anna.tab.page.getByRole('dialog', { name: 'What was done' });
    await log.getByText('Meeting started').waitFor();
    expect(await log.getByText(`by ${bert.name}`).count()).toBe(0);
  },
);

flow('in a class a pupil whom the teacher asks is heard', async ({ house }) => {
  const anna = await startMeeting(house, 'Anna Ahorn');
  const dialog = await lead(anna);
  await dialog.getByRole('radio', { name: /^Class/ }).check();
  await closeDialog(anna);
  const bert = await admit(house, anna, 'Bert Birke');
  await anna.finds(bert.name, /microphone off/);
  const row = await actOn(anna, bert.name);
  await row.getByRole('button', { name: 'Ask to unmute' }).click();
  const { page } = bert.tab;
  await page.getByText('Anna Ahorn asks you to unmute your microphone.').waitFor();
  const notice = page.getByRole('status', { name: 'Messages' });
  await notice.getByRole('button', { name: 'Unmute microphone' }).click();
  await anna.hears(1);
  await row.getByRole('button', { name: 'Mute, and keep muted' }).click();
  await anna.finds(bert.name, /microphone off/);
  await page.locator('button[aria-label="Unmute microphone"]:disabled').waitFor();
});

flow('one pupil gets a right that the others have not, and loses it again', async ({ house }) => {
  const anna = await startMeeting(house, 'Anna Ahorn');
  const dialog = await lead(anna);
  await dialog.getByRole('radio', { name: /^Class/ }).check();
  await closeDialog(anna);
  const bert = await admit(house, anna, 'Bert Birke');
  await anna.sees(bert.name);
  const row = await actOn(anna, bert.name);
  await row.getByText('Rights', { exact: true }).click();
  const screen = row.getByRole('switch', { name: 'Share screen' });
  await screen.check();
  await bert.tab.page.getByText('What you may do here has changed.').waitFor();
  await bert.tab.click('Share screen');
  await anna.sees(bert.name, 'screen');
  await screen.uncheck(); // what is shown without the right ends
  await anna.look('the screen is gone', (reading) => tileOf(reading, bert.name, 'screen') === undefined);
  await bert.look(
    'nothing of it is captured',
    ({ captured }) => captured.filter(({ live }) => live).length === 1,
  );
  await row.getByRole('combobox', { name: 'Role' }).selectOption({ label: 'Viewer' });
  await bert.tab.page.getByText('You take part as: Viewer.').waitFor();
  await anna.look('no picture is left', (reading) => tileOf(reading, bert.name)?.trackId === undefined);
  expect(await bert.tab.page.getByRole('button', { name: 'Start camera' }).isEnabled()).toBe(false);
});
