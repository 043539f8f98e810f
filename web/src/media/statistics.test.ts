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
    expect(whole).toEqual({ protocol: 'tcp', roundTrip: 50, up: 360_000, down: 32_000, roomUp: 900_000 });
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
