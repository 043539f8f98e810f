import type { ConnectionLevel, Participant, Producer, Reaction, Speakers } from '../signal/protocol.gen';
import { distinctMarks } from './distinct';
import type { Person, Tile, TileConnection } from './model';

/** An own shared screen. */
export interface OwnScreen {
  group: string;
  stream: MediaStream;
  stop: () => void;
}

/** What is known of a meeting at one moment, from which its tiles and its roster follow. */
export interface MeetingState {
  participants: readonly Participant[];
  selfId: string;
  speakers: Speakers;
  quality: ReadonlyMap<string, ConnectionLevel>;
  stream(producerId: string): MediaStream | undefined;
  /** Whether the network carries less of it than could be shown. */
  limited(producerId: string): boolean;
  /** Whether the network carries none of it for now. */
  paused(producerId: string): boolean;
  /** What people just reacted with. */
  reactions: ReadonlyMap<string, Reaction>;
  own: {
    microphoneOn: boolean;
    camera: MediaStream | undefined;
    screens: readonly OwnScreen[];
    connection: TileConnection;
  };
}

/** All tiles in order of joining; somebody's screens stand after the camera. */
export function tilesOf(state: MeetingState): Tile[] {
  const hands = handsOf(state.participants);
  return state.participants.flatMap((participant) => {
    const camera = cameraTile(state, participant, hands.get(participant.id));
    const screens =
      participant.id === state.selfId
        ? state.own.screens.map((screen) => ownScreenTile(camera, screen))
        : participant.producers
            .filter((producer) => producer.source === 'screen')
            .map((producer) => screenTile(state, camera, producer));
    return [camera, ...screens];
  });
}

/** The newer list, but with the older one's objects where nothing changed, so that only what did is drawn again. */
export function keepUnchanged<T extends { readonly id: string }>(older: readonly T[], newer: T[]): T[] {
  const known = new Map(older.map((item) => [item.id, item]));
  return newer.map((item) => {
    const before = known.get(item.id);
    return before && shallowEqual(before, item) ? before : item;
  });
}

/** Everybody, in order of joining. */
export function peopleOf(state: MeetingState): Person[] {
  const marks = distinctMarks(state.participants.map((participant) => participant.name));
  const hands = handsOf(state.participants);
  return state.participants.map((participant, i) => {
    const self = participant.id === state.selfId;
    const has = (source: Producer['source']) => sends(participant, source);
    return {
      id: participant.id,
      name: participant.name,
      distinct: marks[i],
      self,
      muted: self ? !state.own.microphoneOn : !has('microphone'),
      cameraOn: self ? state.own.camera !== undefined : has('camera'),
      sharing: self ? state.own.screens.length > 0 : has('screen'),
      speaking: state.speakers.speaking.includes(participant.id),
      connection: connectionOf(state, participant),
      role: participant.role,
      identity: participant.identity,
      hand: hands.get(participant.id),
      halted: participant.halted ?? false,
    };
  });
}

/** The id of the tile that shows a video producer. */
export function tileIdOf(participant: Participant, producer: Producer): string {
  return producer.source === 'screen'
    ? screenTileId(participant.id, producer.group ?? producer.id)
    : participant.id;
}

/** The places of raised hands, from 1. */
function handsOf(participants: readonly Participant[]): ReadonlyMap<string, number> {
  const raised = participants.filter((participant) => participant.hand);
  raised.sort((a, b) => (a.hand ?? 0) - (b.hand ?? 0));
  return new Map(raised.map((participant, i) => [participant.id, i + 1]));
}

/** A tint for somebody without a picture, always the same for the same id (FNV-1a). */
export function hueOf(id: string): number {
  let hash = 0x811c9dc5;
  for (const byte of new TextEncoder().encode(id)) hash = Math.imul(hash ^ byte, 0x01000193);
  return (hash >>> 0) % 360;
}

function cameraTile(state: MeetingState, participant: Participant, hand: number | undefined): Tile {
  const self = participant.id === state.selfId;
  const producer = participant.producers.find((one) => one.source === 'camera');
  const shown = producer && !producer.paused ? producer : undefined;
  const ownSize = state.own.camera?.getVideoTracks()[0]?.getSettings();
  return {
    id: participant.id,
    participantId: participant.id,
    name: participant.name,
    kind: 'camera',
    self,
    stream: self ? state.own.camera : shown && state.stream(shown.id),
    aspect: aspectOf(self ? ownSize : shown?.size),
    hue: hueOf(participant.id),
    muted: self ? !state.own.microphoneOn : !sends(participant, 'microphone'),
    speaking: state.speakers.speaking.includes(participant.id),
    dominant: state.speakers.dominant === participant.id,
    connection: connectionOf(state, participant),
    limited: shown !== undefined && !self && state.limited(shown.id),
    paused: shown !== undefined && !self && state.paused(shown.id),
    hand,
    reaction: state.reactions.get(participant.id),
  };
}

function screenTile(state: MeetingState, camera: Tile, producer: Producer): Tile {
  return {
    ...camera,
    id: screenTileId(camera.participantId, producer.group ?? producer.id),
    kind: 'screen',
    stream: state.stream(producer.id),
    aspect: aspectOf(producer.size),
    speaking: false,
    dominant: false,
    limited: state.limited(producer.id),
    paused: state.paused(producer.id),
    hand: undefined,
    reaction: undefined,
  };
}

function ownScreenTile(camera: Tile, screen: OwnScreen): Tile {
  return {
    ...camera,
    id: screenTileId(camera.participantId, screen.group),
    kind: 'screen',
    stream: screen.stream,
    aspect: aspectOf(screen.stream.getVideoTracks()[0]?.getSettings()),
    speaking: false,
    dominant: false,
    limited: false,
    paused: false,
    hand: undefined,
    reaction: undefined,
    stop: screen.stop,
  };
}

function screenTileId(participantId: string, group: string): string {
  return `${participantId}/${group}`;
}

function sends(participant: Participant, source: Producer['source']): boolean {
  return participant.producers.some((producer) => producer.source === source && !producer.paused);
}

function connectionOf(state: MeetingState, participant: Participant): TileConnection {
  if (participant.id === state.selfId && state.own.connection !== 'good') return state.own.connection;
  if (participant.connection === 'reconnecting') return 'reconnecting';
  return state.quality.get(participant.id) ?? 'good';
}

function aspectOf(size: { width?: number; height?: number } | undefined): number | undefined {
  return size?.width && size.height ? size.width / size.height : undefined;
}

function shallowEqual<T extends object>(a: T, b: T): boolean {
  const keys = Object.keys(a) as (keyof T)[];
  return keys.length === Object.keys(b).length && keys.every((key) => a[key] === b[key]);
}
