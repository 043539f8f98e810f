import { beforeEach, describe, expect, it, vi } from 'vitest';
import { participant } from '../signal/fixtures';
import type { Knock } from '../signal/protocol.gen';
import { Acts } from './acts';
import { RoomKnocks } from './knocks.svelte';

const knock = (id: string, since: number, more: Partial<Knock> = {}): Knock => ({
  id,
  name: id,
  identity: { kind: 'guest' },
  connection: 'connected',
  since,
  ...more,
});

describe('RoomKnocks', () => {
  const request = vi.fn(() => Promise.resolve({}));
  let knocks: RoomKnocks;
  const ids = () => knocks.list.map((one) => one.id);

  beforeEach(() => {
    request.mockClear();
    knocks = new RoomKnocks(new Acts(request as never, () => undefined), () => [
      participant('p', { name: 'Ada' }),
    ]);
  });

  it('follows who comes and goes, in order of coming', () => {
    expect(knocks.take({ complete: true, knocks: [knock('b', 2), knock('a', 1)] })).toHaveLength(2);
    expect(ids()).toEqual(['a', 'b']);
    expect(knocks.take({ knocks: [knock('b', 2, { connection: 'reconnecting' })], gone: ['a'] })).toEqual([]);
    expect(knocks.list).toMatchObject([{ id: 'b', away: true }]);
    expect(knocks.take({ complete: true, knocks: [knock('c', 3)] }).map((one) => one.id)).toEqual(['c']);
    expect(ids()).toEqual(['c']);
    knocks.take({ complete: true });
    expect(ids()).toEqual([]);
  });

  it('shows who was removed before, and who bears the name of somebody inside (criteria 6 and 14)', () => {
    knocks.take({ knocks: [knock('x', 1, { name: 'ada', removedBefore: true })] });
    expect(knocks.list).toMatchObject([{ distinct: '2', removedBefore: true, nearRemoved: false }]);
  });

  it('admits and refuses', () => {
    expect([knocks.admitAll, knocks.refuseAll]).toEqual([undefined, undefined]);
    knocks.take({ knocks: [knock('x', 1)] });
    knocks.admit('x');
    knocks.admitAll?.();
    knocks.refuse('x');
    knocks.block('x');
    knocks.refuseAll?.();
    expect(request.mock.calls).toEqual([
      ['lobby.admit', { knockIds: ['x'] }],
      ['lobby.admit', { everyone: true }],
      ['lobby.refuse', { knockIds: ['x'] }],
      ['lobby.refuse', { knockIds: ['x'], block: true }],
      ['lobby.refuse', { everyone: true }],
    ]);
  });
});
