import { beforeEach, describe, expect, it, vi } from 'vitest';
import { RequestFailed } from '../signal/failure';
import { Acts } from './acts';
import { RoomInvitations } from './invitations.svelte';

const link = {
  id: 'i',
  kind: 'personal',
  name: 'Ben',
  role: 'participant',
  inviter: { name: 'Ada', identity: { kind: 'account' } },
  createdAt: 1_000,
};
const details = () => ({
  address: 'https://meet.example/board',
  title: '',
  inviter: 'Ada',
  language: 'en',
  password: false,
});

describe('RoomInvitations', () => {
  const request = vi.fn((): Promise<unknown> => Promise.resolve({}));
  let host: boolean;
  let invitations: RoomInvitations;

  beforeEach(() => {
    request.mockReset().mockResolvedValue({});
    host = true;
    const acts = new Acts(request as never, () => undefined);
    invitations = new RoomInvitations({ acts, host: () => host, details });
  });

  it('lists the links, and ends them', async () => {
    expect(invitations.list).toBeUndefined();
    const year = { ...link, id: 'k', expiresAt: 365 * 24 * 60 * 60 * 1000 };
    request.mockResolvedValueOnce({ invitations: [link, { ...link, id: 'j', expiresAt: 2_000 }, year] });
    expect(await invitations.load()).toBeUndefined();
    expect(invitations.list).toMatchObject([
      { id: 'i', name: 'Ben', inviter: 'Ada', expiresAt: undefined, inUse: false },
      { id: 'j', expiresAt: new Date(2_000) },
      { id: 'k', expiresAt: undefined }, // as long as the meeting
    ]);
    await invitations.list?.[0]?.revoke?.();
    expect(request).toHaveBeenLastCalledWith('invitations.revoke', { invitationId: 'i' });
    expect(invitations.list).toHaveLength(2);
  });

  it('makes a link', async () => {
    request.mockResolvedValueOnce({ invitations: [] });
    await invitations.load();
    request.mockResolvedValueOnce({ secret: 'abc', invitation: link });
    const draft = { kind: 'personal', name: ' Ben ', role: 'participant', minutes: 0 } as const;
    expect(await invitations.create(draft)).toMatchObject({
      link: 'https://meet.example/board#invite=abc&server=meet.example',
      name: 'Ben',
      kind: 'personal',
    });
    expect(request).toHaveBeenLastCalledWith('invitations.create', {
      kind: 'personal',
      role: 'participant',
      name: 'Ben',
    });
    expect(invitations.list).toHaveLength(1);
  });

  it('tells why there is none', async () => {
    request.mockRejectedValue(new RequestFailed('too_many', 'no'));
    const draft = { kind: 'group', name: '', role: 'viewer', minutes: 60 } as const;
    expect(await invitations.create(draft)).toBe('too_many');
    expect(request).toHaveBeenLastCalledWith('invitations.create', {
      kind: 'group',
      role: 'viewer',
      minutes: 60,
    });
  });

  it('gives away no more than one may', () => {
    expect(invitations.roles).toContain('host');
    host = false;
    expect(invitations.roles).toEqual(['participant', 'viewer']);
  });
});
