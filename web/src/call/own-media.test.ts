import { beforeEach, describe, expect, it, vi } from 'vitest';
import type { Devices } from '../media/devices.svelte';
import type { Exchange } from '../media/exchange';
import { FakeTrack } from '../media/fakes';
import type { Right } from '../signal/protocol.gen';
import { Notices } from './notices.svelte';
import { OwnMedia } from './own-media.svelte';

/** Devices as far as a meeting uses them. */
class FakeDevices {
  microphoneOn = true;
  cameraOn = true;
  speaker = '';
  permission = { camera: 'granted', microphone: 'granted' };
  readonly turnMicrophone = vi.fn((on: boolean) => Promise.resolve(void (this.microphoneOn = on)));
  readonly turnCamera = vi.fn((on: boolean) => Promise.resolve(void (this.cameraOn = on)));
  readonly close = vi.fn();
  cut(kind: 'camera' | 'microphone'): void {
    if (kind === 'camera') this.cameraOn = false;
    else this.microphoneOn = false;
  }
}

describe('OwnMedia', () => {
  let devices: FakeDevices;
  let notices: Notices;
  let rights: ReadonlySet<Right> | undefined;
  let own: OwnMedia;
  let track: FakeTrack;

  beforeEach(() => {
    vi.useFakeTimers();
    track = new FakeTrack('video');
    const stream = { getVideoTracks: () => [track], getAudioTracks: () => [] };
    const getDisplayMedia = () => Promise.resolve(stream);
    vi.stubGlobal('navigator', { mediaDevices: { getDisplayMedia } });
    devices = new FakeDevices();
    notices = new Notices();
    rights = new Set<Right>(['microphone', 'camera', 'screen']);
    own = new OwnMedia({
      devices: devices as unknown as Devices,
      exchange: { publish: vi.fn(), publishScreens: vi.fn(), useSpeaker: vi.fn() } as unknown as Exchange,
      notices,
      rights: () => rights,
      inside: () => true,
    });
    return () => {
      vi.useRealTimers();
      vi.unstubAllGlobals();
    };
  });

  it('keeps nothing from anybody before joining', () => {
    rights = undefined;
    devices.microphoneOn = devices.cameraOn = false;
    expect(own.microphone.toggle).toBeDefined();
    expect(own.camera.toggle).toBeDefined();
    expect(own.screen(false).toggle).toBeUndefined();
  });

  it('criterion 20: releases what is not allowed any more, and offers it no longer', () => {
    rights = new Set<Right>(['camera']);
    own.obey();
    expect([devices.microphoneOn, devices.cameraOn]).toEqual([false, true]);
    expect(own.microphone).toEqual({ on: false, pushToTalk: false });
    expect(own.camera.toggle).toBeDefined();
    expect(own.screen(true).toggle).toBeUndefined();
  });

  it('stops a screen also while the connection is gone, since media may go on; it begins none', async () => {
    vi.stubGlobal('MediaStream', EventTarget);
    expect(own.screen(false)).toEqual({ on: false, resting: true });
    own.screen(true).toggle?.();
    await vi.advanceTimersByTimeAsync(0);
    const { on, resting, add, toggle } = own.screen(false);
    expect({ on, resting, add }).toEqual({ on: true, resting: true, add: undefined });
    toggle?.();
    expect(track.readyState).toBe('ended');
    expect(own.screen(false).on).toBe(false);
  });

  it('criterion 12: releases what the server stopped; the person may switch on again', () => {
    own.stopped({ source: 'microphone', track: undefined });
    expect(devices.microphoneOn).toBe(false);
    own.microphone.toggle?.();
    expect(devices.turnMicrophone).toHaveBeenCalledWith(true);
    own.stopped({ source: 'camera', track: undefined });
    expect(devices.cameraOn).toBe(false);
  });

  it('releases what is refused, and tells', () => {
    own.failed({ source: 'camera', track: undefined }, 'forbidden');
    expect(devices.cameraOn).toBe(false);
    own.failed({ source: 'microphone', track: undefined }, 'too_many_tracks');
    expect(devices.microphoneOn).toBe(true);
    expect(notices.list.map((notice) => notice.kind)).toEqual(['camera-failed', 'microphone-failed']);
  });

  it('talks as long as a key is held', () => {
    devices.microphoneOn = false;
    own.microphone.hold?.(true);
    own.microphone.hold?.(true);
    expect(own.microphone.pushToTalk).toBe(true);
    own.microphone.hold?.(false);
    expect(devices.turnMicrophone.mock.calls).toEqual([[true], [false]]);
  });

  it('switches on what somebody asked for only when it is told to', () => {
    devices.microphoneOn = false;
    own.turnOn('microphone');
    expect(devices.turnMicrophone).toHaveBeenCalledExactlyOnceWith(true);
    expect(devices.turnCamera).not.toHaveBeenCalled();
  });
});
