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

  it('takes the word of the server, which tries more than goes up', () => {
    const samples = [sample(400_000, 380_000), sample(420_000, 400_000)];
    expect(wayOf(samples, 2_850_000)).toMatchObject({ up: 420_000, down: 2_850_000 });
    expect(wayOf(samples, 300_000)?.down).toBe(400_000); // so much came
    expect(wayOf(samples)?.down).toBe(400_000); // the browser tells the server nothing
  });

  it('finds a way on which the picture stopped because it is too much for it', () => {
    const samples = [sample(900_000, 450_000), sample(1_800_000, 0), sample(1_900_000, 0)];
    expect(wayOf(samples, 440_000)).toMatchObject({ up: 1_850_000, down: 440_000 });
    expect(wayOf(samples)?.down).toBe(0);
  });

  it('finds no way where nothing came back', () => {
    expect(wayOf([])).toBeUndefined();
    expect(wayOf([sample(900_000, 0), sample(900_000, 0)], 2_000_000)).toBeUndefined();
    expect(wayOf([{ ...sample(1, 1), protocol: undefined }])).toBeUndefined();
  });
});
