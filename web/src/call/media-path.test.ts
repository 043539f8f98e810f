import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { MediaPath } from './media-path.svelte';
import { Notices } from './notices.svelte';

let notices: Notices;
let path: MediaPath;
const kinds = () => notices.list.map((notice) => notice.kind);

beforeEach(() => {
  vi.useFakeTimers();
  notices = new Notices();
  path = new MediaPath(notices);
});
afterEach(() => vi.useRealTimers());

it('says nothing of a short break', () => {
  path.change(false);
  expect(path.up).toBe(false);
  vi.advanceTimersByTime(2_000);
  path.change(true);
  vi.advanceTimersByTime(5_000);
  expect(kinds()).toEqual([]);
});

it('tells of a longer one, and of its end', () => {
  path.change(false);
  vi.advanceTimersByTime(3_500);
  expect(kinds()).toEqual(['media-lost']);
  vi.advanceTimersByTime(60_000);
  expect(kinds()).toEqual(['media-lost']); // as long as it lasts
  path.change(true);
  expect(kinds()).toEqual(['media-back']);
});

it('says nothing after leaving', () => {
  path.change(false);
  path.reset();
  vi.advanceTimersByTime(5_000);
  expect(kinds()).toEqual([]);
  path.change(false);
  vi.advanceTimersByTime(5_000);
  path.reset();
  expect(kinds()).toEqual([]);
  expect(path.up).toBe(true);
});
