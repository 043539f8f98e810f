import { beforeEach, describe, expect, it, vi } from 'vitest';
import { RequestFailed, type FailureCode } from '../signal/failure';
import type { Participant, Produce, Producer } from '../signal/protocol.gen';
import { FakeTrack, FakeTransport, settled } from './fakes';
import { Publisher } from './publisher';

const camera = (width = 1280, height = 720) => new FakeTrack('video', { width, height });

describe('Publisher', () => {
  let asked: [string, Record<string, unknown>][];
  let refuse: FailureCode | undefined;
  let produced: number;
  let modest: boolean;
  let transport: FakeTransport;
  let publisher: Publisher;
  const failed = vi.fn();
  const stopped = vi.fn();

  beforeEach(() => {
    failed.mockClear();
    stopped.mockClear();
    asked = [];
    produced = 0;
    modest = false;
    refuse = undefined;
    const answer = (method: string, params: object, result: () => unknown) => {
      asked.push([method, params as Record<string, unknown>]);
      return refuse ? Promise.reject(new RequestFailed(refuse, method)) : Promise.resolve(result());
    };
    publisher = new Publisher({
      request: (method, params) => answer(method, params, () => ({})),
      produce: (produce: Produce) =>
        answer('produce', produce, () => ({ producerId: `p${++produced}` })) as Promise<{
          producerId: string;
        }>,
      videoCodec: () => undefined,
      modest: () => modest,
      failed,
      stopped,
    });
    transport = new FakeTransport();
    publisher.attach(transport.real);
  });

  const set = (track: FakeTrack | undefined) => {
    publisher.set('camera', { source: 'camera', track: track?.real });
    return settled();
  };
  const own = (...producers: Partial<Producer>[]) =>
    ({ id: 'me', name: 'me', connection: 'connected', producers }) as Participant;
  const methods = () => asked.map(([method]) => method);

  it('sends a camera with its size, in layers', async () => {
    await set(camera());
    expect(methods()).toEqual(['produce']);
    expect(asked[0]?.[1]).toMatchObject({
      source: 'camera',
      kind: 'video',
      size: { width: 1280, height: 720 },
    });
    expect((asked[0]?.[1].rtpParameters as { encodings: [] }).encodings).toHaveLength(3);
  });

  it('sends nothing of a device that was never on', async () => {
    await set(undefined);
    expect(asked).toEqual([]);
  });

  it('pauses what is switched off, and goes on with the same producer', async () => {
    await set(camera());
    await set(undefined);
    await set(camera());
    expect(methods()).toEqual(['produce', 'producer.pause', 'producer.resume']);
  });

  it('sends no layer that nobody shows', async () => {
    await set(camera());
    publisher.sendUpTo([
      { producerId: 'gone', layer: 2 },
      { producerId: 'p1', layer: 0 },
    ]);
    await settled();
    expect(transport.active).toEqual([true, false, false]);
    publisher.sendUpTo([{ producerId: 'p1', layer: -1 }]);
    await settled();
    expect(transport.active).toEqual([false, false, false]);
    publisher.sendUpTo([{ producerId: 'p1', layer: 2 }]);
    await settled();
    expect(transport.active).toEqual([true, true, true]);
  });

  it('sends nothing of a screen that nobody shows', async () => {
    const screen = new FakeTrack('video', { width: 1920, height: 1080 });
    publisher.set('screen g', { source: 'screen', track: screen.real, group: 'g', screen: 'text' });
    await settled();
    publisher.sendUpTo([{ producerId: 'p1', layer: -1 }]);
    await settled();
    expect(transport.active).toEqual([false]);
    publisher.sendUpTo([{ producerId: 'p1', layer: 0 }]);
    await settled();
    expect(transport.active).toEqual([true]);
  });

  it('sends a small picture to save data, until all is wanted again', async () => {
    modest = true;
    await set(camera());
    expect(transport.active).toEqual([true, true, false]);
    publisher.sendUpTo([{ producerId: 'p1', layer: 0 }]);
    await settled();
    expect(transport.active).toEqual([true, false, false]);
    publisher.sendUpTo([{ producerId: 'p1', layer: 2 }]);
    await settled();
    expect(transport.active).toEqual([true, true, false]);
    modest = false;
    publisher.refresh();
    await settled();
    expect(transport.active).toEqual([true, true, true]);
  });

  it('sends a screen as sharp as ever, to save data', async () => {
    modest = true;
    const screen = new FakeTrack('video', { width: 1920, height: 1080 });
    publisher.set('screen g', { source: 'screen', track: screen.real, group: 'g', screen: 'motion' });
    await settled();
    expect(transport.active).toEqual([]);
  });

  it('tells the size of another camera', async () => {
    await set(camera(1280, 720));
    await set(camera(1920, 1080));
    expect(asked.at(-1)).toEqual([
      'producer.update',
      { producerId: 'p1', size: { width: 1920, height: 1080 } },
    ]);
  });

  it('begins anew for a camera that needs other layers', async () => {
    await set(camera(1280, 720));
    await set(camera(640, 360));
    expect(methods()).toEqual(['produce', 'producer.close', 'produce']);
  });

  it('ends with what changed while it was busy', async () => {
    void set(camera());
    await set(undefined);
    expect(methods()).toEqual(['produce', 'producer.pause']);
  });

  it('stops what is not wanted any more', async () => {
    const track = new FakeTrack('video', { width: 1920, height: 1080 });
    publisher.set('screen g', { source: 'screen', track: track.real, group: 'g', screen: 'text' });
    await settled();
    expect(asked[0]?.[1]).toMatchObject({ source: 'screen', group: 'g' });
    publisher.set('screen g', undefined);
    await settled();
    expect(methods()).toEqual(['produce', 'producer.close']);
  });

  it('sends all again over a new transport', async () => {
    await set(camera());
    publisher.attach(new FakeTransport().real);
    await settled();
    expect(methods()).toEqual(['produce', 'produce']);
  });

  it('makes good what a dropped connection swallowed', async () => {
    await set(camera());
    refuse = 'network';
    await set(undefined);
    refuse = undefined;
    asked.length = 0;
    publisher.reconcile(own({ id: 'p1', paused: false }, { id: 'unknown' }));
    await settled();
    expect(asked).toEqual([
      ['producer.close', { producerId: 'unknown' }],
      ['producer.pause', { producerId: 'p1' }],
    ]);
    expect(failed).not.toHaveBeenCalled();
  });

  it('sends again what the server lost', async () => {
    await set(camera());
    publisher.reconcile(own());
    await settled();
    expect(methods()).toEqual(['produce', 'produce']);
  });

  describe('criterion 12: stopped by the server', () => {
    const paused = { id: 'p1', paused: true };

    it('sends nothing until the person switches on again', async () => {
      await set(camera());
      publisher.observe(own(paused));
      publisher.refresh();
      await settled();
      expect(methods()).toEqual(['produce']);
      expect(stopped).toHaveBeenCalledExactlyOnceWith(expect.objectContaining({ source: 'camera' }));
      await set(camera());
      expect(methods()).toEqual(['produce', 'producer.resume']);
    });

    it('learns of it after the connection was gone', async () => {
      await set(camera());
      publisher.reconcile(own(paused));
      await settled();
      expect(methods()).toEqual(['produce']);
      expect(stopped).toHaveBeenCalledOnce();
    });

    it('shares no screen that was ended', async () => {
      const screen = new FakeTrack('video', { width: 1920, height: 1080 });
      publisher.set('screen g', { source: 'screen', track: screen.real, group: 'g' });
      await settled();
      publisher.observe(own());
      publisher.refresh();
      await settled();
      expect(methods()).toEqual(['produce']);
      expect(stopped).toHaveBeenCalledWith(expect.objectContaining({ group: 'g' }));
    });

    it('does not take the own pause for it', async () => {
      await set(camera());
      void set(undefined);
      publisher.observe(own(paused));
      await settled();
      publisher.observe(own(paused));
      expect(stopped).not.toHaveBeenCalled();
    });

    it('does not take the own resuming for it', async () => {
      await set(camera());
      await set(undefined);
      void set(camera());
      publisher.observe(own(paused));
      await settled();
      expect(methods()).toEqual(['produce', 'producer.pause', 'producer.resume']);
      expect(stopped).not.toHaveBeenCalled();
    });
  });

  it('holds a transport that went away against nobody', async () => {
    refuse = 'internal';
    void set(camera());
    publisher.attach(new FakeTransport().real);
    refuse = undefined;
    await settled();
    expect(failed).not.toHaveBeenCalled();
    expect(publisher.producerId('camera')).toBe('p1');
  });

  it('tries again what came too fast', async () => {
    refuse = 'rate_limited';
    await set(camera());
    refuse = undefined;
    publisher.refresh();
    await settled();
    expect(publisher.producerId('camera')).toBe('p1');
    expect(failed).not.toHaveBeenCalled();
  });

  it('gives up what is refused, and says so', async () => {
    refuse = 'too_many_tracks';
    await set(camera());
    await settled();
    expect(methods()).toEqual(['produce']);
    expect(failed).toHaveBeenCalledWith(expect.objectContaining({ source: 'camera' }), 'too_many_tracks');
  });
});
