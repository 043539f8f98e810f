import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { View } from '../signal/protocol.gen';
import { Viewer } from './viewer';

describe('Viewer', () => {
  const send = vi.fn<(view: View) => Promise<unknown>>(() => Promise.resolve());
  const tile = (consumerId: string, width = 100) => ({
    consumerId,
    width,
    height: 50,
    priority: 'tile' as const,
  });
  let viewer: Viewer;

  beforeEach(() => {
    vi.useFakeTimers();
    send.mockClear();
    viewer = new Viewer(send, () => 2);
  });
  afterEach(() => vi.useRealTimers());

  it('tells the last of many changes, in device pixels', () => {
    viewer.show([tile('a')]);
    viewer.show([tile('a', 200.3), tile('b')]);
    vi.advanceTimersByTime(100);
    expect(send).toHaveBeenCalledOnce();
    expect(send).toHaveBeenCalledWith({
      items: [
        { consumerId: 'a', size: { width: 401, height: 100 }, priority: 'tile' },
        { consumerId: 'b', size: { width: 200, height: 100 }, priority: 'tile' },
      ],
    });
  });

  it('tells nothing twice, unless asked to', () => {
    viewer.show([tile('a')]);
    vi.advanceTimersByTime(100);
    viewer.show([tile('a')]);
    vi.advanceTimersByTime(100);
    expect(send).toHaveBeenCalledOnce();
    viewer.repeat();
    vi.advanceTimersByTime(100);
    expect(send).toHaveBeenCalledTimes(2);
  });

  it('keeps sizes within what the protocol takes', () => {
    viewer.show([tile('a', 0), tile('b', 1e6)]);
    vi.advanceTimersByTime(100);
    expect(send.mock.lastCall?.[0].items.map((item) => item.size.width)).toEqual([1, 65_535]);
  });

  it('tells nothing after it was closed', () => {
    viewer.show([tile('a')]);
    viewer.close();
    vi.advanceTimersByTime(1_000);
    expect(send).not.toHaveBeenCalled();
  });
});
