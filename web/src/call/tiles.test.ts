import { describe, expect, it } from 'vitest';
import { participant, producer } from '../signal/fixtures';
import { hueOf, keepUnchanged, peopleOf, tilesOf, type MeetingState } from './tiles';

const stream = (name: string) => ({ name, getVideoTracks: () => [] }) as unknown as MediaStream;
const camera = producer('ac', 'camera', { size: { width: 1280, height: 720 } });
const ada = participant('a', { name: 'Ada', hand: 9, producers: [producer('am', 'microphone'), camera] });
const ben = participant('b', {
  name: 'Ben',
  hand: 4,
  role: 'host',
  identity: { kind: 'account', provider: 'Google' },
  producers: [producer('bs', 'screen', { group: 'g' }), producer('bc', 'camera', { paused: true })],
});
const me = participant('me', { name: 'ada ' });

const state: MeetingState = {
  participants: [ada, ben, me],
  selfId: 'me',
  speakers: { dominant: 'a', speaking: ['a'] },
  quality: new Map([['b', 'poor']]),
  stream: (id) => stream(id),
  limited: (id) => id === 'ac',
  paused: (id) => id === 'bs',
  reactions: new Map([['b', 'heart']]),
  own: { microphoneOn: false, camera: stream('own'), screens: [], connection: 'good' },
};

describe('tilesOf', () => {
  const tiles = tilesOf(state);

  it('keeps the order of joining, screens after their camera', () => {
    expect(tiles.map((tile) => tile.id)).toEqual(['a', 'b', 'b/g', 'me']);
  });

  it('tells of somebody with camera and voice', () => {
    expect(tiles[0]).toMatchObject({
      name: 'Ada',
      stream: { name: 'ac' },
      aspect: 16 / 9,
      muted: false,
      speaking: true,
      dominant: true,
      connection: 'good',
      limited: true,
      paused: false,
    });
  });

  it('shows no stream of a camera that is off', () => {
    expect(tiles[1]).toMatchObject({ stream: undefined, muted: true, connection: 'poor' });
  });

  it('shows a screen as its own tile that does not speak', () => {
    expect(tiles[2]).toMatchObject({
      kind: 'screen',
      participantId: 'b',
      stream: { name: 'bs' },
      speaking: false,
      paused: true,
    });
  });

  it('shows hands in their order and reactions, but not on screens', () => {
    expect(tiles.map((tile) => [tile.hand, tile.reaction])).toEqual([
      [2, undefined],
      [1, 'heart'],
      [undefined, undefined],
      [undefined, undefined],
    ]);
  });

  it('shows the own camera as it is captured, whatever the server knows', () => {
    expect(tiles[3]).toMatchObject({ self: true, stream: { name: 'own' }, muted: true });
  });

  it('shows own screens, which can be stopped', () => {
    const screens = [{ group: 'x', stream: stream('screen'), stop: () => undefined }];
    const own = tilesOf({ ...state, own: { ...state.own, screens } }).at(-1);
    expect(own).toMatchObject({ id: 'me/x', kind: 'screen', self: true });
    expect(own?.stop).toBeDefined();
  });

  it('marks who is coming back, and the own lost connection', () => {
    const back = { ...ada, connection: 'reconnecting' as const };
    const lost = tilesOf({ ...state, participants: [back, me], own: { ...state.own, connection: 'lost' } });
    expect(lost.map((tile) => tile.connection)).toEqual(['reconnecting', 'lost']);
  });
});

describe('peopleOf', () => {
  it('tells equal names apart', () => {
    expect(peopleOf(state).map((one) => [one.name, one.distinct])).toEqual([
      ['Ada', undefined],
      ['Ben', undefined],
      ['ada ', '2'],
    ]);
  });

  it('criterion 14: tells who is known from who is a guest', () => {
    expect(peopleOf(state).map((one) => [one.role, one.identity.kind, one.hand, one.halted])).toEqual([
      ['participant', 'guest', 2, false],
      ['host', 'account', 1, false],
      ['participant', 'guest', undefined, false],
    ]);
  });

  it('tells what each one does', () => {
    expect(peopleOf(state)[1]).toMatchObject({
      muted: true,
      cameraOn: false,
      sharing: true,
      connection: 'poor',
    });
    expect(peopleOf(state)[2]).toMatchObject({ self: true, muted: true, cameraOn: true, sharing: false });
  });
});

describe('hueOf', () => {
  it('is the same for the same id, and another for most others', () => {
    expect(hueOf('a')).toBe(hueOf('a'));
    const hues = new Set(Array.from({ length: 50 }, (_, i) => hueOf(`id-${i}`)));
    expect(hues.size).toBeGreaterThan(35);
  });
});

describe('keepUnchanged', () => {
  it('keeps what is equal, whatever its place', () => {
    const older = [
      { id: 'a', muted: true },
      { id: 'b', muted: true },
    ];
    const newer = keepUnchanged(older, [
      { id: 'b', muted: true },
      { id: 'a', muted: false },
      { id: 'c', muted: true },
    ]);
    expect(newer[0]).toBe(older[1]);
    expect(newer[1]).toEqual({ id: 'a', muted: false });
    expect(newer).toHaveLength(3);
  });

  it('sees a property that is new', () => {
    const older: { id: string; stop?: () => void }[] = [{ id: 'a' }];
    expect(keepUnchanged(older, [{ id: 'a', stop: () => undefined }])[0]).not.toBe(older[0]);
  });
});
