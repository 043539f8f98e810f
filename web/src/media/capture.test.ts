import { beforeEach, describe, expect, it, vi } from 'vitest';
import { Capture } from './capture.svelte';
import { FakeTrack, settled } from './fakes';

/** Devices that can be plugged in and pulled out. */
class FakeMedia {
  present = ['a', 'b'];
  error: string | undefined;
  /** Only one device can be open at a time. */
  exclusive = false;
  readonly tracks: FakeTrack[] = [];

  getUserMedia({ video }: { video?: MediaTrackConstraints }): Promise<MediaStream> {
    const wanted = (video?.deviceId as { exact?: string } | undefined)?.exact ?? this.present[0];
    const fail = (name: string) => Promise.reject(Object.assign(new Error(name), { name }));
    if (this.error) return fail(this.error);
    if (this.exclusive && this.tracks.some((track) => track.readyState === 'live'))
      return fail('NotReadableError');
    if (wanted === undefined) return fail('NotFoundError');
    if (!this.present.includes(wanted)) return fail('OverconstrainedError');
    const track = new FakeTrack('video', { deviceId: wanted }, `camera ${wanted}`);
    this.tracks.push(track);
    return Promise.resolve({ getTracks: () => [track] } as unknown as MediaStream);
  }
}

const info = (deviceId: string, groupId = deviceId) =>
  ({ deviceId, groupId, kind: 'videoinput', label: deviceId }) as MediaDeviceInfo;

describe('Capture', () => {
  let media: FakeMedia;
  let capture: Capture;
  const events = { changed: vi.fn(), lost: vi.fn(), switched: vi.fn() };

  beforeEach(() => {
    vi.clearAllMocks();
    media = new FakeMedia();
    capture = new Capture('videoinput', media as unknown as MediaDevices, events, '');
  });

  it('criterion 20: captures when on, and releases the device when off', async () => {
    await capture.turn(true);
    expect(capture.on).toBe(true);
    expect(capture.permission).toBe('granted');
    await capture.turn(false);
    expect(capture.on).toBe(false);
    expect(media.tracks.map((track) => track.readyState)).toEqual(['ended']);
  });

  it('ends as it was switched last', async () => {
    void capture.turn(true);
    void capture.turn(false);
    await capture.turn(true);
    await capture.turn(false);
    expect(capture.on).toBe(false);
    expect(media.tracks.every((track) => track.readyState === 'ended')).toBe(true);
  });

  it('takes another device, and releases the first only then', async () => {
    await capture.turn(true);
    await capture.choose('b');
    expect(capture.device).toBe('b');
    expect(media.tracks.map((track) => track.readyState)).toEqual(['ended', 'live']);
  });

  it('lets the first one go where only one can be open', async () => {
    media.exclusive = true;
    await capture.turn(true);
    await capture.choose('b');
    expect(capture.device).toBe('b');
    expect(capture.permission).toBe('granted');
  });

  it('chooses without switching on', async () => {
    await capture.choose('b');
    expect(media.tracks).toEqual([]);
    await capture.turn(true);
    expect(capture.device).toBe('b');
  });

  it('takes another one when the chosen one is not there', async () => {
    await capture.choose('gone');
    await capture.turn(true);
    expect(capture.device).toBe('a');
  });

  it.each([
    ['NotAllowedError', 'denied'],
    ['NotFoundError', 'missing'],
    ['NotReadableError', 'busy'],
  ])('knows what %s means', async (error, permission) => {
    media.error = error;
    await capture.turn(true);
    expect(capture.on).toBe(false);
    expect(capture.permission).toBe(permission);
  });

  it('goes on with another device when its own is pulled out', async () => {
    await capture.turn(true);
    media.present = ['b'];
    media.tracks[0]?.end();
    await settled();
    expect(capture.device).toBe('b');
    expect(events.lost).toHaveBeenCalledWith({ id: 'b', label: 'camera b' });
  });

  it('is off when the last device is pulled out', async () => {
    await capture.turn(true);
    media.present = [];
    media.tracks[0]?.end();
    await settled();
    expect(capture.on).toBe(false);
    expect(capture.permission).toBe('missing');
    expect(events.lost).toHaveBeenCalledWith(undefined);
    expect(events.changed).toHaveBeenLastCalledWith(undefined);
  });

  it('tells what is new, but not at first', () => {
    expect(capture.refresh([info('a')])).toEqual([]);
    expect(capture.refresh([info('a'), info('b')]).map((device) => device.deviceId)).toEqual(['b']);
    expect(capture.devices.map((device) => device.id)).toEqual(['a', 'b']);
  });

  it('follows the default of the system', async () => {
    media.present = ['default'];
    capture.refresh([info('default', 'built-in')]);
    await capture.turn(true);
    capture.refresh([info('default', 'headset')]);
    await settled();
    expect(media.tracks).toHaveLength(2);
    expect(events.switched).toHaveBeenCalledOnce();
  });

  it('stays with a device that was chosen, whatever the default is', async () => {
    media.present = ['default', 'b'];
    await capture.choose('b');
    capture.refresh([info('default', 'built-in'), info('b')]);
    await capture.turn(true);
    capture.refresh([info('default', 'headset'), info('b')]);
    await settled();
    expect(media.tracks).toHaveLength(1);
  });
});
