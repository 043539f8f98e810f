import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { Flow } from '../media/statistics';
import { participant, producer } from '../signal/fixtures';
import { hintOf, lossOf, RoomConnection, rowsOf } from './connection.svelte';

const flow = (more: Partial<Flow>): Flow => ({
  id: 'f',
  direction: 'received',
  kind: 'video',
  origin: '',
  codec: 'VP8',
  bitrate: 100_000,
  repeated: 0,
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
    [
      'no limit of what rests',
      counted(flow({ direction: 'sent', limit: 'bandwidth', bitrate: 0 })),
      0,
      false,
      undefined,
    ],
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
    producerOf: ({ origin }: Flow) => ({ track: 'cam', '1': 'own' })[origin],
    participants: () => people,
    selfId: () => 'me',
  };

  it('tells whose each stream is, the own ones first, and leaves out what rests', () => {
    const rows = rowsOf(
      counted(
        flow({ id: 'a', origin: 'track' }),
        flow({ id: 'b', origin: 'slot', kind: 'audio' }),
        flow({ id: 'c', direction: 'sent', kind: 'audio' }),
        flow({ id: 'e', direction: 'sent', origin: '1' }),
        flow({ id: 'd', direction: 'sent', bitrate: 0 }),
      ),
      room,
    );
    expect(rows.map(({ id, self, name, source }) => [id, self, name, source])).toEqual([
      ['c', true, undefined, 'microphone'],
      ['sent 1', true, 'Me', 'screen'],
      ['received track', false, 'Ben', 'camera'],
      ['received slot', false, undefined, 'microphone'],
    ]);
  });

  it('puts the layers of a picture together, the largest first', () => {
    const layer = (height: number, bitrate: number) =>
      flow({ direction: 'sent', origin: '1', size: { width: height * 2, height }, bitrate });
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
  const setUp = (flows: Flow[] = [], tiles: { limited: boolean }[] = []) => {
    const statistics = vi.fn(() =>
      Promise.resolve({ ...counted(...flows), up: 1, down: 2, repeatedUp: 5, repeatedDown: 6, roomUp: 3 }),
    );
    const downlink = vi.fn(() => Promise.resolve({ estimate: 4, loss: 0, roundTrip: 30, queue: 0 }));
    const trouble = vi.fn();
    const connection = new RoomConnection({
      statistics,
      downlink,
      producerOf: () => undefined,
      participants: () => [],
      selfId: () => 'me',
      tiles: () => tiles,
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
    expect(connection.report).toMatchObject({
      up: 1,
      down: 2,
      repeatedUp: 5,
      repeatedDown: 6,
      roomUp: 3,
      roomDown: 4,
      hint: undefined,
    });
    stop();
    await vi.advanceTimersByTimeAsync(6_000);
    expect(statistics).toHaveBeenCalledTimes(5);
    expect(downlink).toHaveBeenCalledTimes(2);
    connection.end();
    await vi.advanceTimersByTimeAsync(20_000);
    expect(statistics).toHaveBeenCalledTimes(5);
    expect(connection.report).toBeUndefined();
  });

  it('tells nothing before two looks can be compared', async () => {
    const { connection, statistics } = setUp();
    connection.begin();
    connection.watch();
    await vi.advanceTimersByTimeAsync(1_900);
    expect(statistics).toHaveBeenCalledTimes(1);
    expect(connection.report).toBeUndefined();
    await vi.advanceTimersByTimeAsync(100);
    expect(connection.report).toBeDefined();
    connection.end();
  });

  it('looks soon for who begins to watch, but not so soon that rates mean nothing', async () => {
    const { connection, statistics, downlink } = setUp();
    connection.begin();
    await vi.advanceTimersByTimeAsync(2_100);
    expect(statistics).toHaveBeenCalledTimes(2);
    connection.watch();
    await vi.advanceTimersByTimeAsync(600);
    expect(statistics).toHaveBeenCalledTimes(2);
    await vi.advanceTimersByTimeAsync(200);
    expect(downlink).toHaveBeenCalledTimes(1);
    connection.end();
  });

  it('does not say what only one look finds', async () => {
    const flows: Flow[] = [];
    const { connection } = setUp(flows);
    connection.begin();
    flows.push(flow({ direction: 'sent', limit: 'bandwidth' }));
    await vi.advanceTimersByTimeAsync(2_000);
    expect(connection.report?.hint).toBeUndefined();
    await vi.advanceTimersByTimeAsync(2_000);
    expect(connection.report?.hint).toBe('upload');
    flows.pop();
    await vi.advanceTimersByTimeAsync(2_000);
    expect(connection.report?.hint).toBe('upload');
    await vi.advanceTimersByTimeAsync(2_000);
    expect(connection.report?.hint).toBeUndefined();
    connection.end();
  });

  it('tells of the download as long as something that is shown suffers', async () => {
    const tiles = [{ limited: false }, { limited: true }];
    const { connection } = setUp([flow({})], tiles);
    connection.begin();
    await vi.advanceTimersByTimeAsync(4_000);
    expect(connection.report?.hint).toBe('download');
    tiles.pop();
    await vi.advanceTimersByTimeAsync(4_000);
    expect(connection.report?.hint).toBeUndefined();
    connection.end();
  });

  it('tells lasting trouble once, also when it goes on after an interruption', async () => {
    const { connection, trouble } = setUp([flow({ direction: 'sent', limit: 'bandwidth' })]);
    connection.begin();
    await vi.advanceTimersByTimeAsync(12_000);
    expect(trouble).not.toHaveBeenCalled();
    await vi.advanceTimersByTimeAsync(60_000);
    expect(trouble.mock.calls).toEqual([['upload']]);
    connection.begin();
    expect(connection.report).toBeDefined();
    await vi.advanceTimersByTimeAsync(60_000);
    expect(trouble).toHaveBeenCalledOnce();
    connection.end();
  });

  it('looks at nothing outside a room', async () => {
    const { connection, statistics } = setUp();
    connection.watch();
    await vi.advanceTimersByTimeAsync(10_000);
    expect(statistics).not.toHaveBeenCalled();
  });
});
