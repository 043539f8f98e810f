import { beforeEach, describe, expect, it, vi } from 'vitest';
import { Devices } from './devices.svelte';
import { FakeTrack, settled } from './fakes';

vi.mock('./level', () => ({
  LevelMeter: function () {
    throw new Error('no sound system');
  },
}));
vi.stubGlobal('MediaStream', EventTarget);
vi.stubGlobal('HTMLMediaElement', { prototype: { setSinkId: () => Promise.resolve() } });
vi.stubGlobal('navigator', { permissions: { query: () => Promise.reject(new TypeError('unknown name')) } });

type Kind = 'videoinput' | 'audioinput' | 'audiooutput';

/** A computer with devices, and a person who allows them or doesn't. */
class FakeMedia extends EventTarget {
  present: [Kind, string, string?][] = [
    ['videoinput', 'cam'],
    ['audioinput', 'mic', 'desk'],
    ['audiooutput', 'speaker', 'desk'],
  ];
  allowed = true;
  readonly asked: string[] = [];
  readonly tracks: FakeTrack[] = [];
  #named = false;

  enumerateDevices(): Promise<MediaDeviceInfo[]> {
    return Promise.resolve(
      this.present.map(([kind, id, group]) => ({
        kind,
        deviceId: this.#named ? id : '',
        label: this.#named ? `the ${id}` : '',
        groupId: group ?? id,
      })) as MediaDeviceInfo[],
    );
  }

  getUserMedia(constraints: MediaStreamConstraints): Promise<MediaStream> {
    this.asked.push(Object.keys(constraints).sort().join(' and '));
    if (!this.allowed) return Promise.reject(Object.assign(new Error(), { name: 'NotAllowedError' }));
    this.#named = true;
    const make = (kind: 'video' | 'audio') => {
      const track = new FakeTrack(kind, { deviceId: kind === 'video' ? 'cam' : 'mic' });
      this.tracks.push(track);
      return [track];
    };
    const video = constraints.video ? make('video') : [];
    const audio = constraints.audio ? make('audio') : [];
    return Promise.resolve({
      getVideoTracks: () => video,
      getAudioTracks: () => audio,
      getTracks: () => [...video, ...audio],
    } as unknown as MediaStream);
  }

  async plug(...devices: [Kind, string, string?][]): Promise<void> {
    this.present = [...this.present, ...devices];
    this.dispatchEvent(new Event('devicechange'));
    await settled();
  }

  async pull(id: string): Promise<void> {
    this.present = this.present.filter((device) => device[1] !== id);
    this.dispatchEvent(new Event('devicechange'));
    await settled();
  }
}

describe('Devices', () => {
  let media: FakeMedia;
  let choice: { camera: string; microphone: string; speaker: string };
  let devices: Devices;
  const events = { changed: vi.fn(), lost: vi.fn(), switched: vi.fn(), found: vi.fn() };
  const found = () => events.found.mock.calls.map(([kind, device]) => [kind, (device as { id: string }).id]);

  beforeEach(() => {
    vi.clearAllMocks();
    media = new FakeMedia();
    choice = { camera: '', microphone: '', speaker: '' };
    devices = new Devices(choice, media as unknown as MediaDevices);
    devices.listen(events);
  });

  it('opens camera and microphone with one question', async () => {
    await devices.open();
    expect(media.asked).toEqual(['audio and video']);
    expect(devices).toMatchObject({ cameraOn: true, microphoneOn: true, camera: 'cam', microphone: 'mic' });
    expect(devices.cameras).toEqual([{ id: 'cam', label: 'the cam' }]);
    expect(devices.preview).toBeDefined();
    expect(events.found).not.toHaveBeenCalled();
  });

  it('asks for what there is', async () => {
    media.present = [['audioinput', 'mic']];
    await devices.open();
    expect(media.asked).toEqual(['audio']);
    expect(devices.permission).toEqual({ camera: 'missing', microphone: 'granted' });
  });

  it('takes no for an answer', async () => {
    media.allowed = false;
    await devices.open();
    expect(media.asked).toHaveLength(1);
    expect(devices.permission).toEqual({ camera: 'denied', microphone: 'denied' });
  });

  it('criterion 20: releases everything when closed', async () => {
    await devices.open();
    devices.close();
    expect(media.tracks.map((track) => track.readyState)).toEqual(['ended', 'ended']);
    expect(devices).toMatchObject({ cameraOn: false, microphoneOn: false, preview: undefined });
  });

  it('releases what comes after it was closed', async () => {
    const opening = devices.open();
    devices.close();
    await opening;
    expect(media.tracks.every((track) => track.readyState === 'ended')).toBe(true);
  });

  it('keeps what was chosen for the next time', async () => {
    await devices.open();
    await devices.chooseMicrophone('mic');
    await devices.chooseSpeaker?.('speaker');
    expect(choice).toEqual({ camera: '', microphone: 'mic', speaker: 'speaker' });
  });

  it('tells of a headset once, and takes both its ends', async () => {
    await devices.open();
    await media.plug(['audioinput', 'head mic', 'headset'], ['audiooutput', 'head phones', 'headset']);
    expect(found()).toEqual([['microphone', 'head mic']]);
    (events.found.mock.calls[0]?.[2] as () => void)();
    await settled();
    expect(choice).toMatchObject({ microphone: 'head mic', speaker: 'head phones' });
  });

  it('tells of each other device', async () => {
    await devices.open();
    await media.plug(['videoinput', 'second cam'], ['audiooutput', 'hall']);
    expect(found()).toEqual([
      ['camera', 'second cam'],
      ['speaker', 'hall'],
    ]);
  });

  it('goes on with another loudspeaker when the chosen one is gone', async () => {
    await media.plug(['audiooutput', 'hall']);
    await devices.open();
    await devices.chooseSpeaker?.('hall');
    await media.pull('hall');
    expect(devices.speaker).toBe('');
    expect(events.lost).toHaveBeenCalledWith('speaker', { id: 'speaker', label: 'the speaker' });
  });

  it('says why a page without https has none', async () => {
    const without = new Devices(choice);
    await without.open();
    await without.turnCamera(true);
    expect(without.permission).toEqual({ camera: 'insecure', microphone: 'insecure' });
    expect(without.cameraOn).toBe(false);
  });
});
