import { describe, expect, it } from 'vitest';
import { cameraEncodings, codecOptions, modestLayer, screenEncodings } from './encodings';

describe('cameraEncodings', () => {
  it.each([
    [1920, 1080, [4, 2, 1]],
    [1280, 720, [4, 2, 1]],
    [960, 540, [4, 2, 1]],
    [720, 1280, [4, 2, 1]],
    [640, 480, [2, 1]],
    [640, 360, [2, 1]],
    [320, 240, [1]],
    [320, 180, [1]],
  ])('sends %i by %i in as many layers as Chromium keeps', (width, height, scales) => {
    expect(cameraEncodings({ width, height }).map((one) => one.scaleResolutionDownBy)).toEqual(scales);
  });

  it('gives a sensible bitrate to each layer', () => {
    expect(cameraEncodings({ width: 1280, height: 720 }).map((one) => one.maxBitrate)).toEqual([
      212_500, 601_041, 1_700_000,
    ]);
    expect(cameraEncodings({ width: 3840, height: 2160 }).at(-1)?.maxBitrate).toBe(3_000_000);
    expect(cameraEncodings({ width: 80, height: 60 })[0]?.maxBitrate).toBe(100_000);
  });
});

describe('modestLayer', () => {
  it.each([
    [1920, 1080, 3, 0],
    [1280, 720, 3, 1],
    [720, 1280, 3, 1],
    [640, 480, 2, 0],
    [640, 360, 2, 1],
    [320, 180, 1, 0],
  ])('of %i by %i in %i layers is %i', (width, height, layers, layer) => {
    expect(modestLayer({ width, height }, layers)).toBe(layer);
  });
});

it('gives moving screens frames, and text sharpness', () => {
  expect(screenEncodings('motion').at(-1)).toMatchObject({ scaleResolutionDownBy: 1, maxFramerate: 30 });
  expect(screenEncodings('text')).toEqual([expect.objectContaining({ maxFramerate: 10 })]);
});

it('sends stereo only for the sound of a screen', () => {
  expect(codecOptions('microphone')).toMatchObject({ opusStereo: false, opusDtx: true, opusFec: true });
  expect(codecOptions('screen-audio')).toMatchObject({ opusStereo: true, opusDtx: false });
});
