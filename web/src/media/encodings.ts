import type { Size, Source } from '../signal/protocol.gen';

/** One layer of what is sent, as WebRTC names it. */
export interface Encoding {
  scaleResolutionDownBy?: number;
  maxBitrate: number; // bit/s
  maxFramerate?: number;
  scalabilityMode?: string;
}

/** Three frame rates in one stream, so that the server can leave frames out for whoever has too little bandwidth. */
export const frameRates = 'L1T3';

/** What makes a camera's picture of 1280 by 720 look good, in bit/s. */
const bitrate720 = 1_700_000;
const pixels720 = 1280 * 720;

/** A good bitrate for a camera's picture of so many pixels: small ones need more for each. */
function cameraBitrate(pixels: number): number {
  const rate = bitrate720 * (pixels / pixels720) ** 0.75;
  return Math.round(Math.min(Math.max(rate, 100_000), 3_000_000));
}

/**
 * How many layers a camera's picture is sent in. Chromium leaves the top one out for pictures that it finds too
 * small for so many, which would leave only small ones.
 */
function layerCount(pixels: number): number {
  if (pixels >= 960 * 540) return 3;
  if (pixels >= 480 * 270) return 2;
  return 1;
}

/** The layers of a camera's picture, the smallest first. */
export function cameraEncodings(size: Size): Encoding[] {
  const pixels = size.width * size.height;
  const count = layerCount(pixels);
  return Array.from({ length: count }, (_, layer) => {
    const scaleResolutionDownBy = 2 ** (count - 1 - layer);
    return { scaleResolutionDownBy, maxBitrate: cameraBitrate(pixels / scaleResolutionDownBy ** 2) };
  });
}

/** How high the own picture is at the most where data is to be saved, in pixels of its shorter side. */
const modestHeight = 360;

/** The highest of so many layers of a camera's picture with which data is saved; at least the smallest. */
export function modestLayer({ width, height }: Size, layers: number): number {
  let layer = layers - 1;
  while (layer > 0 && Math.min(width, height) / 2 ** (layers - 1 - layer) > modestHeight) layer--;
  return layer;
}

/**
 * The layers of a shared screen: what moves needs frames, text needs sharpness. Text has no smaller layer, in which
 * nobody could read it; it costs little as long as it stands still.
 */
export function screenEncodings(kind: 'motion' | 'text'): Encoding[] {
  return kind === 'motion'
    ? [
        { scaleResolutionDownBy: 2, maxBitrate: 700_000, maxFramerate: 30 },
        { scaleResolutionDownBy: 1, maxBitrate: 4_000_000, maxFramerate: 30 },
      ]
    : [{ maxBitrate: 2_500_000, maxFramerate: 10 }];
}

/** Codec settings that mediasoup-client writes into the session's description. */
export function codecOptions(source: Source): Record<string, number | boolean> {
  switch (source) {
    case 'microphone':
      return { opusDtx: true, opusFec: true, opusStereo: false, opusNack: true };
    case 'screen-audio':
      return {
        opusDtx: false,
        opusFec: true,
        opusStereo: true,
        opusNack: true,
        opusMaxAverageBitrate: 128_000,
      };
    case 'camera':
    case 'screen':
      return { videoGoogleStartBitrate: 1000 }; // kbit/s; without it a picture takes seconds to become sharp
  }
}
