import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { FakeTransport } from './fakes';
import { Link } from './link';

describe('Link', () => {
  let transport: FakeTransport;
  let link: Link;
  const changed = vi.fn();
  const failed = vi.fn();
  const restart = vi.fn(() => Promise.resolve({ usernameFragment: 'u', password: 'p', iceLite: true }));

  beforeEach(() => {
    vi.useFakeTimers();
    vi.clearAllMocks();
    transport = new FakeTransport();
    link = new Link(transport.real, { restart, changed, failed });
    transport.become('connected');
  });
  afterEach(() => {
    link.close();
    vi.useRealTimers();
  });

  it('waits for a path that heals by itself', async () => {
    transport.become('disconnected');
    expect(link.up).toBe(false);
    await vi.advanceTimersByTimeAsync(500);
    transport.become('connected');
    await vi.advanceTimersByTimeAsync(60_000);
    expect(link.up).toBe(true);
    expect(restart).not.toHaveBeenCalled();
    expect(changed).toHaveBeenCalledTimes(2);
  });

  it('restarts what does not heal', async () => {
    transport.become('disconnected');
    await vi.advanceTimersByTimeAsync(2_000);
    expect(transport.restarts).toHaveLength(1);
    transport.become('connected');
    await vi.advanceTimersByTimeAsync(60_000);
    expect(transport.restarts).toHaveLength(1);
  });

  it('restarts what failed at once, again and again, and gives up in the end', async () => {
    transport.become('failed');
    await vi.advanceTimersByTimeAsync(1);
    expect(transport.restarts).toHaveLength(1);
    await vi.advanceTimersByTimeAsync(60_000);
    expect(transport.restarts).toHaveLength(4);
    expect(failed).toHaveBeenCalledOnce();
  });

  it('starts one attempt at a time, however long the server takes', async () => {
    restart.mockImplementationOnce(() => new Promise(() => undefined));
    transport.become('disconnected');
    await vi.advanceTimersByTimeAsync(2_000);
    transport.become('failed');
    await vi.advanceTimersByTimeAsync(2_000);
    expect(restart).toHaveBeenCalledOnce();
  });

  it('restarts when asked to, but nothing that never began', async () => {
    link.restart();
    await vi.advanceTimersByTimeAsync(1);
    expect(restart).toHaveBeenCalledOnce();
    const idle = new Link(new FakeTransport().real, { restart, changed, failed });
    idle.restart();
    await vi.advanceTimersByTimeAsync(1);
    expect(restart).toHaveBeenCalledOnce();
    idle.close();
  });
});
