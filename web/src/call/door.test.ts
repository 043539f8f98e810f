import { beforeEach, describe, expect, it, vi } from 'vitest';
import { RequestFailed } from '../signal/failure';
import { RoomDoor } from './door.svelte';
import { KeptEntrance } from './kept-entrance';

const nowhere = () => {
  throw new Error('no storage');
};

describe('RoomDoor', () => {
  const ask = vi.fn((): Promise<unknown> => Promise.resolve({}));
  let kept: KeptEntrance;
  let door: RoomDoor;

  function options() {
    return { room: 'board', ask: ask as never, domain: 'meet.example', host: 'meet.example:8443' };
  }

  beforeEach(() => {
    ask.mockReset();
    kept = new KeptEntrance('board', nowhere);
    door = new RoomDoor({ ...options(), kept });
  });

  it('knows nothing before it is told', () => {
    expect(door).toMatchObject({ known: false, way: undefined, title: '', password: false });
    expect(door.linkProblem).toBeUndefined();
  });

  it('asks again until a host is there, and no more', async () => {
    vi.useFakeTimers();
    ask.mockResolvedValue({ entry: 'knock' });
    await door.ask();
    await vi.advanceTimersByTimeAsync(10_000);
    expect(ask).toHaveBeenCalledTimes(2);
    ask.mockResolvedValue({ entry: 'knock', hostPresent: true });
    await vi.advanceTimersByTimeAsync(60_000);
    expect(ask).toHaveBeenCalledTimes(3);
    expect(door.hostPresent).toBe(true);
    vi.useRealTimers();
  });

  it('asks no more after joining', async () => {
    vi.useFakeTimers();
    ask.mockResolvedValue({ entry: 'knock' });
    await door.ask();
    door.entrance('');
    await vi.advanceTimersByTimeAsync(60_000);
    expect(ask).toHaveBeenCalledTimes(1);
    vi.useRealTimers();
  });

  it('shows the link, and tells who invites', async () => {
    const inviter = { name: 'Ada', identity: { kind: 'account', provider: 'Google' } };
    ask.mockResolvedValue({
      entry: 'enter',
      hostPresent: true,
      password: false,
      title: 'Board',
      inviter,
      invitation: { kind: 'personal', name: 'Ben', role: 'participant' },
      startsAt: 5_000,
    });
    door.arrive({ invite: 'abc' });
    await door.ask();
    expect(ask).toHaveBeenCalledWith('peek', { room: 'board', invite: 'abc' });
    expect(door).toMatchObject({ known: true, way: 'enter', hostPresent: true, title: 'Board', inviter });
    expect(door.invitation).toEqual({ kind: 'personal', name: 'Ben', role: 'participant' });
    expect(door.startsAt).toEqual(new Date(5_000));
    expect(door.entrance('word')).toEqual({ invite: 'abc', password: 'word' });
  });

  it('warns of a link that does not hold, and goes on without it', async () => {
    ask.mockResolvedValue({ entry: 'knock', inviteError: 'invite_invalid' });
    door.arrive({ invite: 'abc' });
    await door.ask();
    expect(door.linkProblem).toBe('invite_invalid');
    ask.mockResolvedValue({ entry: 'knock' });
    door.forgetLink?.();
    expect(ask).toHaveBeenLastCalledWith('peek', { room: 'board' });
    await vi.waitFor(() => expect(door.linkProblem).toBeUndefined());
    expect(door.entrance('')).toEqual({});
  });

  it('warns of half a link', () => {
    door.arrive({ malformed: true });
    expect(door.linkProblem).toBe('malformed');
    door.forgetLink?.();
    expect(door.linkProblem).toBeUndefined();
  });

  it('warns of a link for another server, and tells nobody of it before the person agrees', async () => {
    ask.mockResolvedValue({ entry: 'knock' });
    kept.set({ knock: 'place' });
    door.arrive({ invite: 'abc', server: 'meet.example' });
    await door.ask();
    expect(ask).toHaveBeenLastCalledWith('peek', { room: 'board' });
    expect(door).toMatchObject({
      linkProblem: 'elsewhere',
      elsewhere: 'meet.example',
      forgetLink: undefined,
      inviter: undefined,
    });
    expect(kept.value).toEqual({ invite: 'abc', elsewhere: 'meet.example' });

    // A reload brings no link, but the warning stays.
    door = new RoomDoor({ ...options(), kept });
    door.arrive({});
    expect(door.linkProblem).toBe('elsewhere');
    door.agree?.();
    expect(ask).toHaveBeenLastCalledWith('peek', { room: 'board', invite: 'abc' });
    expect(door).toMatchObject({ linkProblem: undefined, elsewhere: undefined, agree: undefined });
    expect(door.entrance('')).toEqual({ invite: 'abc' });
    expect(kept.value).toEqual({ invite: 'abc' });
  });

  it.each(['meet.example:8443', undefined])(
    'takes a link that was made here, or says nothing: %s',
    (server) => {
      door.arrive({ invite: 'abc', ...(server && { server }) });
      expect(door).toMatchObject({ linkProblem: undefined, elsewhere: undefined });
      expect(door.entrance('')).toEqual({ invite: 'abc' });
    },
  );

  it('learns from a refused join', () => {
    expect(door.refused('password_required')).toBe(true);
    expect(door.password).toBe(true);
    expect(door.refused('invite_in_use')).toBe(true);
    expect(door.linkProblem).toBe('invite_in_use');
    kept.set({ knock: 'place' });
    expect(door.refused('refused')).toBe(false);
    expect(kept.value).toEqual({});
    expect(door.refused('locked')).toBe(false);
  });

  it('gives up the place in the waiting room for a new link', () => {
    kept.set({ knock: 'place' });
    door.arrive({});
    expect(kept.value).toEqual({ knock: 'place' });
    door.arrive({ invite: 'abc' });
    expect(kept.value).toEqual({ invite: 'abc' });
  });

  it('makes do without an answer', async () => {
    ask.mockRejectedValue(new RequestFailed('try_later', 'too often'));
    await door.ask();
    expect(door.known).toBe(false);
  });
});
