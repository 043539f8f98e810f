import { beforeEach, describe, expect, it, vi } from 'vitest';
import { participant, producer, snapshot } from '../signal/fixtures';
import type { Joined, Participant, Right, Role, Settings } from '../signal/protocol.gen';
import { Acts } from './acts';
import { RoomChat } from './chat.svelte';
import { RoomModeration } from './moderation.svelte';
import { Room } from './room.svelte';
import { allRights } from './standing';

const settings = {
  rights: { moderator: ['moderate', 'admit'], participant: ['camera'], viewer: [] },
} as unknown as Settings;
const signedIn = { identity: { kind: 'account', provider: 'Google' } } as const;
const talking = participant('talking', {
  producers: [producer('m', 'microphone'), producer('s', 'screen')],
  hand: 3,
});
const silent = participant('silent', { halted: true, allowed: ['screen'] });
const moderator = participant('moderator', { role: 'moderator' });
const host = participant('host', { role: 'host', ...signedIn });

describe('RoomModeration', () => {
  const request = vi.fn(() => Promise.resolve({}));
  let room: Room;
  let moderation: RoomModeration;

  function be(role: Role, rights: Right[] = [], more: Partial<Participant> = {}): void {
    request.mockClear();
    room = new Room();
    const me = participant('me', { role, ...more });
    room.enter({
      participantId: 'me',
      you: { role, rights },
      snapshot: { ...snapshot(1, me, talking, silent, moderator, host), settings },
    } as Joined);
    const acts = new Acts(request as never, () => undefined);
    moderation = new RoomModeration(room, acts, new RoomChat(room, acts));
  }

  beforeEach(() => be('host', [...allRights], signedIn));

  it('offers a participant nothing', () => {
    be('participant', ['camera']);
    expect(moderation.of('talking')).toEqual({ roles: [], rights: ['camera'] });
    const { muteAll, panic, end, lock, change, readLog, restoreAll, lowerHands } = moderation;
    expect([muteAll, panic, end, lock, change, readLog, restoreAll, lowerHands].some(Boolean)).toBe(false);
  });

  it('offers what fits the person', () => {
    const has = (id: string) => Object.keys(moderation.of(id)).sort();
    expect(has('talking')).toEqual(
      [
        'askForCamera',
        'ban',
        'lowerHand',
        'mute',
        'muteForGood',
        'remove',
        'rename',
        'rights',
        'roles',
        'setRight',
        'setRole',
        'stopScreen',
        'write',
      ].sort(),
    );
    expect(has('silent')).toEqual(expect.arrayContaining(['askToUnmute', 'restore']));
    expect(has('silent')).not.toContain('mute');
    expect(has('me')).toEqual(['rights', 'roles']);
    expect(has('gone')).toEqual(['rights', 'roles']);
  });

  it('lets nobody but known hosts act on known hosts', () => {
    expect(moderation.of('host').remove).toBeDefined();
    be('host', [...allRights]); // a guest
    expect(moderation.of('host').remove).toBeUndefined();
    expect(moderation.of('moderator').remove).toBeDefined();
    be('moderator', ['moderate']);
    expect(moderation.of('host').remove).toBeUndefined();
    expect(moderation.of('moderator').remove).toBeUndefined();
    expect(moderation.of('talking').remove).toBeDefined();
    expect(moderation.of('talking').setRole).toBeUndefined();
  });

  it('does to one what is asked', () => {
    const { mute, muteForGood, askForCamera, stopScreen, lowerHand, rename, remove, ban, setRole } =
      moderation.of('talking');
    mute?.();
    muteForGood?.();
    askForCamera?.();
    stopScreen?.();
    lowerHand?.();
    void rename?.(' Bo ');
    remove?.();
    ban?.();
    setRole?.('viewer');
    moderation.of('silent').restore?.();
    const one = { participantIds: ['talking'] };
    expect(request.mock.calls).toEqual([
      ['media.stop', { ...one, sources: ['microphone'] }],
      ['media.stop', { ...one, sources: ['microphone'], revoke: true }],
      ['media.ask', { ...one, source: 'camera' }],
      ['media.stop', { ...one, sources: ['screen'] }],
      ['hand.lower', one],
      ['participant.rename', { participantId: 'talking', name: 'Bo' }],
      ['participant.remove', { participantId: 'talking' }],
      ['participant.remove', { participantId: 'talking', ban: true }],
      ['participant.role', { participantId: 'talking', role: 'viewer' }],
      ['meeting.restore', { participantIds: ['silent'] }],
    ]);
  });

  it('makes exceptions, and takes them back', () => {
    expect(moderation.of('silent').rights).toEqual(['camera', 'screen']);
    const { setRight } = moderation.of('silent');
    setRight?.('poll', true);
    setRight?.('screen', false);
    setRight?.('camera', false);
    const exceptions = (allowed: string[], denied: string[]) => [
      'participant.rights',
      { participantId: 'silent', allowed, denied },
    ];
    expect(request.mock.calls).toEqual([
      exceptions(['screen', 'poll'], []),
      exceptions([], []),
      exceptions(['screen'], ['camera']),
    ]);
  });

  it('does to all what is asked', async () => {
    moderation.muteAll?.();
    moderation.stopScreens?.();
    moderation.lowerHands?.();
    moderation.panic?.();
    moderation.restoreAll?.();
    moderation.lock?.(true);
    await moderation.setLobby?.('everyone');
    await moderation.change?.({ preset: 'class' });
    moderation.end?.();
    expect(moderation.stopCameras).toBeUndefined(); // nobody has one on
    expect(request.mock.calls).toEqual([
      ['media.stop', { everyone: true, sources: ['microphone'] }],
      ['media.stop', { everyone: true, sources: ['screen'] }],
      ['hand.lower', { everyone: true }],
      ['meeting.panic', {}],
      ['meeting.restore', { everyone: true }],
      ['settings.update', { locked: true }],
      ['settings.update', { lobby: 'everyone' }],
      ['settings.update', { preset: 'class' }],
      ['meeting.end', {}],
    ]);
  });

  it('reads log and bans', async () => {
    request.mockResolvedValueOnce({ entries: [{ at: 1, action: 'lock' }] } as never);
    expect(await moderation.readLog?.()).toEqual({ entries: [{ at: 1, action: 'lock' }], dropped: 0 });
    request.mockResolvedValueOnce({ bans: [] } as never);
    expect(await moderation.readBans?.()).toEqual([]);
    await moderation.liftBan?.('b');
    expect(request).toHaveBeenLastCalledWith('bans.lift', { banId: 'b' });
  });
});
