import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { Idle } from './idle.svelte';

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

test('controls step back after a while, and come back on a movement', () => {
  const idle = new Idle(() => false);
  idle.wake();
  vi.advanceTimersByTime(3900);
  idle.wake();
  vi.advanceTimersByTime(3900);
  expect(idle.now).toBe(false);
  vi.advanceTimersByTime(200);
  expect(idle.now).toBe(true);
  idle.wake();
  expect(idle.now).toBe(false);
  idle.stop();
});

test('controls stay while the keyboard is in them', () => {
  let busy = true;
  const idle = new Idle(() => busy);
  idle.wake();
  vi.advanceTimersByTime(20_000);
  expect(idle.now).toBe(false);
  busy = false;
  vi.advanceTimersByTime(4000);
  expect(idle.now).toBe(true);
  idle.stop();
});
