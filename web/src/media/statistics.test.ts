import { describe, expect, it } from 'vitest';
import { Meter } from './statistics';

const report = (...stats: ({ id: string } & Record<string, unknown>)[]) =>
  stats.map((stat) => [stat.id, stat] as const);

const camera = (at: number, bytes: number, lost: number) =>
  report(
    { id: 't', type: 'transport', selectedCandidatePairId: 'p' },
    {
      id: 'p',
      type: 'candidate-pair',
      remoteCandidateId: 'r',
      currentRoundTripTime: 0.05,
      availableOutgoingBitrate: 9e5,
    },
    { id: 'r', type: 'remote-candidate', protocol: 'tcp' },
    { id: 'c', type: 'codec', mimeType: 'video/VP8' },
    { id: 'far', type: 'remote-inbound-rtp', packetsLost: lost },
    {
      id: 'o',
      mid: '0',
      type: 'outbound-rtp',
      kind: 'video',
      timestamp: at,
      codecId: 'c',
      remoteId: 'far',
      bytesSent: bytes,
      packetsSent: bytes / 1_000,
      frameWidth: 640,
      frameHeight: 360,
      framesPerSecond: 30,
      qualityLimitationReason: 'bandwidth',
    },
  );
const voice = (at: number, bytes: number) =>
  report({
    id: 'i',
    type: 'inbound-rtp',
    kind: 'audio',
    timestamp: at,
    trackIdentifier: 'track',
    bytesReceived: bytes,
    packetsReceived: 50,
    packetsLost: 0,
  });

describe('Meter', () => {
  it('tells the rates between two looks, and what was lost meanwhile', () => {
    const meter = new Meter();
    expect(meter.read(camera(0, 0, 0), voice(0, 0))).toMatchObject({ up: 0, down: 0 });
    const { flows, ...whole } = meter.read(camera(2_000, 90_000, 10), voice(2_000, 8_000));
    expect(whole).toEqual({
      protocol: 'tcp',
      roundTrip: 50,
      up: 360_000,
      down: 32_000,
      repeatedUp: 0,
      repeatedDown: 0,
      roomUp: 900_000,
    });
    expect(flows).toMatchObject([
      {
        direction: 'sent',
        kind: 'video',
        origin: '0',
        codec: 'VP8',
        loss: 0.1,
        size: { width: 640, height: 360 },
        limit: 'bandwidth',
      },
      { direction: 'received', kind: 'audio', origin: 'track', codec: '', loss: 0, size: undefined },
    ]);
  });

  it('tells the picture apart from what the server sends again to probe the network', () => {
    // As Chromium 156 counts it: padding in the headers alone, copies of packets with what it received.
    const picture = (timestamp: number, more: Record<string, number>) =>
      report({
        id: 'IT02V977237349',
        type: 'inbound-rtp',
        kind: 'video',
        timestamp,
        trackIdentifier: 'track',
        rtxSsrc: 158803601,
        packetsLost: 0,
        frameWidth: 320,
        frameHeight: 180,
        ...more,
      });
    const meter = new Meter();
    const quiet = { bytesReceived: 262_324, packetsReceived: 269, headerBytesReceived: 6_528 };
    meter.read([], picture(27_985, quiet)); // nothing was sent again: it doesn't tell of it
    const { down, repeatedDown, flows } = meter.read(
      [],
      picture(29_985, {
        bytesReceived: 475_074,
        packetsReceived: 519,
        headerBytesReceived: 38_766,
        retransmittedBytesReceived: 192_750,
        retransmittedPacketsReceived: 230,
        packetsLost: 5,
      }),
    );
    expect(flows).toMatchObject([{ bitrate: 80_000, repeated: 771_000, loss: 0.2 }]);
    expect({ down, repeatedDown }).toEqual({ down: 851_000, repeatedDown: 771_000 });
  });

  it('tells the picture apart from that with which the browser probes the network', () => {
    // As Chromium 156 counts it: not with what it sent again, but beyond what the encoder is to make.
    const layer = (timestamp: number, bytesSent: number, more: Record<string, unknown> = {}) =>
      report({
        id: 'OT01V1523137967',
        type: 'outbound-rtp',
        kind: 'video',
        timestamp,
        rid: 'r0',
        bytesSent,
        packetsSent: bytesSent / 1_000,
        retransmittedBytesSent: 0,
        retransmittedPacketsSent: 0,
        targetBitrate: 159_000,
        ...more,
      });
    const meter = new Meter();
    meter.read(layer(30_046, 1_031_714), []);
    const probing = meter.read(layer(32_046, 1_229_464), []);
    expect(probing).toMatchObject({ up: 791_000, repeatedUp: 632_000, flows: [{ bitrate: 159_000 }] });
    const still = meter.read(layer(34_046, 1_254_464), []);
    expect(still).toMatchObject({ up: 100_000, repeatedUp: 0, flows: [{ bitrate: 100_000 }] });
    const repairing = meter.read(layer(36_046, 1_304_464, { retransmittedBytesSent: 12_500 }), []);
    expect(repairing).toMatchObject({ up: 200_000, repeatedUp: 50_000, flows: [{ bitrate: 150_000 }] });
    // A layer that is given up has no target any more, and one that shrinks had a larger one.
    const shrinking = meter.read(
      layer(38_046, 1_342_214, { retransmittedBytesSent: 12_500, targetBitrate: 9_000 }),
      [],
    );
    expect(shrinking).toMatchObject({ repeatedUp: 0, flows: [{ bitrate: 151_000 }] });
    const ended = layer(40_046, 1_592_214, { retransmittedBytesSent: 12_500, targetBitrate: undefined });
    expect(meter.read(ended, [])).toMatchObject({ repeatedUp: 0, flows: [{ bitrate: 1_000_000 }] });
  });

  it('finds the way where the browser marks it', () => {
    const { protocol, roundTrip } = new Meter().read(
      [],
      report(
        { id: 'a', type: 'candidate-pair', remoteCandidateId: 'r', currentRoundTripTime: 9 },
        {
          id: 'p',
          type: 'candidate-pair',
          remoteCandidateId: 'r',
          currentRoundTripTime: 0.02,
          selected: true,
        },
        { id: 'r', type: 'remote-candidate', protocol: 'udp' },
      ),
    );
    expect({ protocol, roundTrip }).toEqual({ protocol: 'udp', roundTrip: 20 });
  });

  it('knows nothing without a connection', () => {
    expect(new Meter().read([], [])).toEqual({
      protocol: undefined,
      roundTrip: 0,
      up: 0,
      down: 0,
      repeatedUp: 0,
      repeatedDown: 0,
      roomUp: 0,
      flows: [],
    });
  });

  it('counts a stream that is new from the look before', () => {
    const meter = new Meter();
    meter.read(report({ id: 'p', type: 'peer-connection', timestamp: 1_000 }), []);
    expect(meter.read([], voice(3_000, 8_000))).toMatchObject({ down: 32_000 });
    expect(meter.read([], voice(5_000, 8_000))).toMatchObject({ down: 0 });
  });

  it('takes a stream that begins anew for a new one', () => {
    const meter = new Meter();
    meter.read([], voice(0, 90_000));
    expect(meter.read([], voice(1_000, 5_000)).down).toBe(0);
  });
});
