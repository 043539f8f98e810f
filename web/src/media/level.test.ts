import { describe, expect, it } from 'vitest';
import { loudness } from './level';

const sine = (amplitude: number) =>
  Float32Array.from({ length: 1024 }, (_, i) => amplitude * Math.sin(i / 5));

describe('loudness', () => {
  it.each([
    ['silence', 0, 0],
    ['a hum below notice', 0.0005, 0],
    ['full scale', 1, 1],
  ])('%s', (_, amplitude, level) => {
    expect(loudness(sine(amplitude))).toBe(level);
  });

  it('grows with the voice', () => {
    const levels = [0.005, 0.02, 0.1, 0.3].map((amplitude) => loudness(sine(amplitude)));
    expect(levels).toEqual([...levels].sort((a, b) => a - b));
    expect(levels[2]).toBeGreaterThan(0.5);
  });
});
