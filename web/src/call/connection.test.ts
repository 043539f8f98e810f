import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { Flow } from '../media/statistics';
import { participant, producer } from '../signal/fixtures';
import { hintOf, lossOf, RoomConnection, rowsOf } from './connection.svelte';

const flow = (more: Partial<Flow>): Flow => ({
  id: 'f',
  direction: 'received',
  kind: 'video',
  trackId: '',
  codec: 'VP8',
  bitrate: 100_000,
  loss: 0,
  size: undefined,
  framesPerSecond: 0,
  limit: undefined,
  ...more,
});
const counted = (...flows: Flow[]) => ({ flows, protocol: 'udp' as const, roundTrip: 20 });

describe('hintOf', () => {
  const well = counted(flow({ direction: 'sent' }), flow({}));

  it.each([
    ['nothing when all is well', well, 0, false, undefined],
    ['the upload', counted(flow({ direction: 'sent', limit: 'bandwidth' })), 0, true, 'upload'],
    ['the download', well, 0, true, 'download'],
    ['the processor', counted(flow({ direction: 'sent', limit: 'cpu' })), 0, false, 'processor'],
    ['voices that lose packets', counted(flow({ kind: 'audio', loss: 0.1 })), 0, false, 'loss'],
    ['pictures that lose packets', well, 0.1, false, 'loss'],
    ['a long way', { ...well, roundTrip: 500 }, 0, false, 'delay'],
    ['a detour', { ...well, protocol: 'tcp' as const }, 0, false, 'detour'],
  ])('tells %s', (_, statistics, loss, limited, hint) => {
    expect(hintOf(statistics, { loss }, limited)).toBe(hint);
  });
});

it('tells what gets lost in a direction, by what it weighs', () => {
  const one = { direction: 'sent', bitrate: 100, loss: 0.2 } as const;
  const two = { direction: 'sent', bitrate: 300, loss: 0 } as const;
  expect(lossOf(counted(flow(one), flow(two), flow({ loss: 1 })), 'sent')).toBeCloseTo(0.05);
  expect(lossOf(counted(flow(one)), 'received')).toBe(0);
});

describe('rowsOf', () => {
  const people = [
    participant('me', { name: 'Me', producers: [producer('own', 'screen', { group: 'g' })] }),
    participant('ben', { name: 'Ben', producers: [producer('cam', 'camera')] }),
  ];
  const room = {
    producerOf: (trackId: string) => ({ track: 'cam', display: 'own' })[trackId],
    participants: () => people,
    selfId: () => 'me',
  };

  it('tells whose each stream is, the own ones first, and leaves out what rests', () => {
    const rows = rowsOf(
      counted(
        flow({ id: 'a', trackId: 'track' }),
        flow({ id: 'b', trackId: 'slot', kind: 'audio' }),
        flow({ id: 'c', direction: 'sent', kind: 'audio' }),
        flow({ id: 'e', direction: 'sent', trackId: 'display' }),
        flow({ id: 'd', direction: 'sent', bitrate: 0 }),
      ),
      room,
    );
    expect(rows.map(({ id, self, name, source }) => [id, self, name, source])).toEqual([
      ['c', true, undefined, 'microphone'],
      ['sent display', true, 'Me', 'screen'],
      ['received track', false, 'Ben', 'camera'],
      ['received slot', false, undefined, 'microphone'],
    ]);
  });

  it('puts the layers of a picture together, the largest first', () => {
    const layer = (height: number, bitrate: number) =>
      flow({ direction: 'sent', trackId: 'display', size: { width: height * 2, height }, bitrate });
    const [row, ...others] = rowsOf(counted(layer(360, 500), layer(720, 1500), layer(180, 0)), room);
    expect(others).toEqual([]);
    expect(row?.bitrate).toBe(2000);
    expect(row?.layers.map(({ size, bitrate }) => [size?.height, bitrate])).toEqual([
      [720, 1500],
      [360, 500],
    ]);
  });
});

describe('RoomConnection', () => {
  const setUp = (flows: Flow[] = []) => {
    const statistics = vi.fn(() => Promise.resolve({ ...counted(...flows), up: 1, down: 2, roomUp: 3 }));
    const downlink = vi.fn(() => Promise.resolve({ estimate: 4, loss: 0, roundTrip: 30, queue: 0 }));
    const trouble = vi.fn();
    const connection = new RoomConnection({
      statistics,
      downlink,
      producerOf: () => undefined,
      participants: () => [],
      selfId: () => 'me',
      limited: () => false,
      trouble,
    });
    return { connection, statistics, downlink, trouble };
  };

  beforeEach(() => vi.useFakeTimers());
  afterEach(() => vi.useRealTimers());

  it('asks the server as long as somebody watches', async () => {
    const { connection, statistics, downlink } = setUp();
    connection.begin();
    const stop = connection.watch();
    await vi.advanceTimersByTimeAsync(2_000);
    expect(statistics).toHaveBeenCalledTimes(2);
    expect(connection.report).toMatchObject({ up: 1, down: 2, roomUp: 3, roomDown: 4, hint: undefined });
    stop();
    await vi.advanceTimersByTimeAsync(6_000);
    expect(statistics).toHaveBeenCalledTimes(5);
    expect(downlink).toHaveBeenCalledTimes(2);
    connection.end();
    await vi.advanceTimersByTimeAsync(20_000);
    expect(statistics).toHaveBeenCalledTimes(5);
    expect(connection.report).toBeUndefined();
  });

  it('tells lasting trouble once', async () => {
    const { connection, trouble } = setUp([flow({ direction: 'sent', limit: 'bandwidth' })]);
    connection.begin();
    await vi.advanceTimersByTimeAsync(10_000);
    expect(trouble).not.toHaveBeenCalled();
    await vi.advanceTimersByTimeAsync(60_000);
    expect(trouble.mock.calls).toEqual([['upload']]);
    connection.end();
  });
});
