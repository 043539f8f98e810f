import { expect, it } from 'vitest';
import { backoff } from './backoff';

it('doubles up to a limit', () => {
  expect([0, 1, 2, 10].map((attempt) => backoff(attempt, () => 0))).toEqual([300, 600, 1200, 8000]);
});

it('spreads people out', () => {
  expect(backoff(0, () => 1)).toBeCloseTo(200);
});
