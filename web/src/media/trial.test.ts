import { describe, expect, it } from 'vitest';
import { wayOf } from './trial';

const pair = { protocol: 'udp' as const, roundTrip: 30 };
const at = (ms: number, sent: number, received: number, way: typeof pair | undefined = pair) => ({
  at: ms,
  sent,
  received,
  way,
});

describe('wayOf', () => {
  it('measures the later half, when the estimates have grown', () => {
    const samples = [at(0, 0, 0), at(1000, 1_000, 500), at(2000, 2_000, 1_000), at(4000, 252_000, 126_000)];
    expect(wayOf(samples)).toEqual({ ...pair, up: 1_000_000, down: 500_000 });
  });

  it('finds no way where nothing came back', () => {
    expect(wayOf([])).toBeUndefined();
    expect(wayOf([at(0, 0, 0), at(1000, 100_000, 0)])).toBeUndefined();
    expect(wayOf([at(0, 0, 0), { ...at(1000, 100_000, 100_000), way: undefined }])).toBeUndefined();
    expect(wayOf([at(0, 1, 1)])).toBeUndefined();
  });
});
