import { expect, it, vi } from 'vitest';
import { RequestFailed } from '../signal/failure';
import { Acts } from './acts';
import { AccountRooms } from './named-rooms.svelte';

const board = {
  name: 'board',
  title: 'Board',
  lobby: 'guests',
  preset: 'conversation',
  language: 'de',
} as const;
const rights = { moderator: ['moderate'], participant: ['camera'], viewer: [] };
const presets = [{ preset: 'class', rights }];
const link = { id: 'i', kind: 'group', role: 'participant', inviter: { name: 'Ada' }, createdAt: 1 };

function roomsWith(request: (method: string, params: unknown) => Promise<unknown>): AccountRooms {
  return new AccountRooms({
    acts: new Acts(request as never, () => undefined),
    address: (room) => `https://meet.example/${room}`,
    name: () => 'Ada',
    language: () => 'en',
  });
}

it('reads the rooms again after each change', async () => {
  const request = vi.fn((method: string) =>
    Promise.resolve(method === 'rooms.list' ? { rooms: [board], presets } : {}),
  );
  const rooms = roomsWith(request);
  expect(rooms.list).toBeUndefined();
  expect(await rooms.save(board)).toBeUndefined();
  expect(rooms.list).toEqual([board]);
  expect(rooms.rightsOf('class')).toEqual(rights);
  expect(rooms.rightsOf('custom')).toBeUndefined();
  await rooms.remove('board');
  expect(request.mock.calls).toEqual([
    ['rooms.save', board],
    ['rooms.list', {}],
    ['rooms.delete', { room: 'board' }],
    ['rooms.list', {}],
  ]);
});

it('tells why a room is not kept', async () => {
  const rooms = roomsWith(() => Promise.reject(new RequestFailed('log_in_required', 'no')));
  expect(await rooms.save(board)).toBe('log_in_required');
  expect(rooms.list).toBeUndefined();
});

it('invites to a room in its language', async () => {
  const request = vi.fn((method: string) =>
    Promise.resolve(
      method === 'rooms.list' ? { rooms: [board], presets } : { secret: 's', invitation: link },
    ),
  );
  const rooms = roomsWith(request);
  await rooms.load();
  const draft = { kind: 'group', name: '', role: 'participant', minutes: 0 } as const;
  expect(await rooms.invitations('board').create(draft)).toMatchObject({
    link: 'https://meet.example/board#invite=s&server=meet.example',
    language: 'de',
    title: 'Board',
    inviter: 'Ada',
  });
  expect(request).toHaveBeenLastCalledWith('invitations.create', {
    room: 'board',
    kind: 'group',
    role: 'participant',
  });
});
