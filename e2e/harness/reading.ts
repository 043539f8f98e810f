import type { Participant } from './participant';
import type { Reading, SeenTile, Stat } from './probe';

/** A video that a page receives. */
export interface ReceivedVideo {
  label: string;
  decoded: number;
  width: number;
  height: number;
}

/** The tile of somebody's camera, or of the screen that somebody shares. */
export function tileOf(
  reading: Reading,
  name: string,
  kind: 'camera' | 'screen' = 'camera',
): SeenTile | undefined {
  return reading.tiles.find((tile) => {
    if (!tile.label.startsWith(name)) return false;
    return tile.label.startsWith(`${name}, screen`) === (kind === 'screen');
  });
}

/** The video that a tile shows, as it is received; undefined when it isn't. */
export function videoOf(reading: Reading, tile: SeenTile | undefined): ReceivedVideo | undefined {
  const stat = inbound(reading, 'video').find((one) => one.trackIdentifier === tile?.trackId);
  if (!tile || !stat) return undefined;
  return {
    label: tile.label,
    decoded: number(stat.framesDecoded),
    width: number(stat.frameWidth),
    height: number(stat.frameHeight),
  };
}

/** How much sound came in over each audio track so far, by the track's id. */
export function energies(reading: Reading): Map<string, number> {
  return new Map(
    inbound(reading, 'audio').map((one) => [String(one.trackIdentifier), number(one.totalAudioEnergy)]),
  );
}

/** What a page receives of a kind. */
export function inbound(reading: Reading, kind: 'audio' | 'video'): Stat[] {
  return reading.connections.flat().filter((one) => one.type === 'inbound-rtp' && one.kind === kind);
}

/** What a page sends of a kind, an entry for each layer. */
export function outbound(reading: Reading, kind: 'audio' | 'video'): Stat[] {
  return reading.connections.flat().filter((one) => one.type === 'outbound-rtp' && one.kind === kind);
}

/** How a page reaches the server's media, connection by connection. */
export function ways(reading: Reading): unknown[] {
  return reading.connections.map((stats) => {
    const id = stats.find((stat) => stat.type === 'transport')?.selectedCandidatePairId;
    const pair = stats.find((stat) => stat.id === id);
    return stats.find((stat) => stat.id === pair?.remoteCandidateId)?.protocol;
  });
}

/** Reads somebody's page when so many ms have passed by its browser's statistics. */
export async function passing(person: Participant, time: number): Promise<Reading> {
  const before = clock(await person.read());
  return person.look('time passes', (reading) => clock(reading) >= before + time);
}

/** When the browser made the statistics of a reading, in ms. */
function clock(reading: Reading): number {
  return Math.max(0, ...reading.connections.flat().map((stat) => number(stat.timestamp)));
}

export function number(value: unknown): number {
  return typeof value === 'number' ? value : 0;
}
