import { beforeEach, describe, expect, it, vi } from 'vitest';
import { FakeTrack } from './fakes';
import { Screens } from './screens.svelte';

vi.stubGlobal('MediaStream', EventTarget);

describe('Screens', () => {
  let tracks: FakeTrack[];
  let error: string | undefined;
  let screens: Screens;
  const changed = vi.fn();

  beforeEach(() => {
    changed.mockClear();
    tracks = [];
    error = undefined;
    const getDisplayMedia = () => {
      if (error) return Promise.reject(Object.assign(new Error(error), { name: error }));
      const [video, audio] = [new FakeTrack('video'), new FakeTrack('audio')];
      tracks.push(video, audio);
      return Promise.resolve({ getVideoTracks: () => [video], getAudioTracks: () => [audio] });
    };
    screens = new Screens(changed, { getDisplayMedia } as unknown as MediaDevices);
  });

  it('shares several at once, each with its sound', async () => {
    expect(await screens.add('motion')).toBe(true);
    expect(await screens.add('text')).toBe(true);
    expect(screens.shared.map((screen) => screen.kind)).toEqual(['motion', 'text']);
    expect(new Set(screens.shared.map((screen) => screen.group)).size).toBe(2);
    expect(tracks.map((track) => track.contentHint)).toEqual(['motion', 'music', 'text', 'music']);
    expect(changed).toHaveBeenCalledTimes(2);
  });

  it('stops one with its sound', async () => {
    await screens.add('text');
    screens.shared[0]?.stop();
    expect(screens.shared).toEqual([]);
    expect(tracks.map((track) => track.readyState)).toEqual(['ended', 'ended']);
  });

  it('stops when the person does so in the browser', async () => {
    await screens.add('text');
    tracks[0]?.end();
    expect(screens.shared).toEqual([]);
  });

  it('knows second thoughts from failure', async () => {
    error = 'NotAllowedError';
    expect(await screens.add('text')).toBe(true);
    error = 'NotReadableError';
    expect(await screens.add('text')).toBe(false);
    expect(changed).not.toHaveBeenCalled();
  });

  it('is not possible where the browser knows no such thing', () => {
    expect(screens.possible).toBe(true);
    expect(new Screens(changed, {} as MediaDevices).possible).toBe(false);
  });
});
