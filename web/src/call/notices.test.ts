import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { Notices } from './notices.svelte';

describe('Notices', () => {
  let notices: Notices;

  beforeEach(() => {
    vi.useFakeTimers();
    notices = new Notices();
  });
  afterEach(() => vi.useRealTimers());

  it('counts many people into one line', () => {
    notices.people('joined', ['Ada']);
    const id = notices.list[0]?.id;
    notices.people('joined', ['Ben', 'Cleo']);
    notices.people('joined', ['Dora']);
    expect(notices.list).toEqual([{ id, kind: 'joined', names: ['Ada', 'Ben', 'Cleo'], count: 4 }]);
  });

  it('begins another line later, and takes lines away', () => {
    notices.people('left', ['Ada']);
    vi.advanceTimersByTime(5_000);
    notices.people('left', ['Ben']);
    expect(notices.list).toHaveLength(2);
    vi.advanceTimersByTime(10_000);
    expect(notices.list).toEqual([]);
  });

  it('says nothing about nobody', () => {
    notices.people('joined', []);
    expect(notices.list).toEqual([]);
  });

  it('keeps one line of a kind and device, gone once its action is taken', () => {
    const action = vi.fn();
    notices.tell('camera-new', { device: 'A', action });
    notices.tell('camera-new', { device: 'A', action });
    notices.tell('camera-new', { device: 'B', action });
    expect(notices.list.map((notice) => notice.device)).toEqual(['A', 'B']);
    notices.list[0]?.action?.();
    expect(action).toHaveBeenCalledOnce();
    expect(notices.list).toEqual([]);
  });

  it('leaves blocked sound until it is allowed', () => {
    notices.tell('sound-blocked', { action: () => undefined });
    vi.advanceTimersByTime(60_000);
    expect(notices.list).toHaveLength(1);
    notices.withdraw('sound-blocked');
    expect(notices.list).toEqual([]);
  });
});
