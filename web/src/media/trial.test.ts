import { describe, expect, it } from 'vitest';
import { wayOf } from './trial';

const sample = (up: number, down: number, protocol: 'udp' | 'tcp' | undefined = 'udp') => ({
  protocol,
  roundTrip: 30,
  up,
  down,
});

describe('wayOf', () => {
  it('measures the later half, when the estimates have grown', () => {
    const samples = [
      sample(0, 0),
      sample(90_000, 80_000),
      sample(900_000, 500_000),
      sample(1_100_000, 700_000),
    ];
    expect(wayOf(samples)).toEqual({ protocol: 'udp', roundTrip: 30, up: 1_000_000, down: 600_000 });
  });

  it('finds no way where nothing came back', () => {
    expect(wayOf([])).toBeUndefined();
    expect(wayOf([sample(900_000, 0), sample(900_000, 0)])).toBeUndefined();
    expect(wayOf([{ ...sample(1, 1), protocol: undefined }])).toBeUndefined();
  });
});
