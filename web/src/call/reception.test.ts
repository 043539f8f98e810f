import { describe, expect, it } from 'vitest';
import { participant, producer } from '../signal/fixtures';
import type { Producer } from '../signal/protocol.gen';
import { receptionOf, type Receiving } from './reception';

const person = (id: string, ...producers: Producer[]) => participant(id, { producers });
const shown = (tileId: string) => ({ tileId, width: 320, height: 180, priority: 'tile' as const });
const consumer = (producerId: string) => `consumer of ${producerId}`;
const none: Receiving = { seen: [], slots: [], slotted: false };
const ids = (tracks: { producerId: string }[]) => tracks.map((one) => one.producerId);

describe('receptionOf', () => {
  const ada = person('ada', producer('mic', 'microphone', { paused: true }), producer('cam', 'camera'));

  it('wants all sound, also of who is muted, and no video that was never shown', () => {
    const { wanted, viewed } = receptionOf([ada], [], none, consumer);
    expect(ids(wanted)).toEqual(['mic']);
    expect(viewed).toEqual([]);
  });

  it('views what is shown, as soon as it is received', () => {
    expect(receptionOf([ada], [shown('ada')], none, () => undefined)).toMatchObject({
      wanted: [{ producerId: 'mic' }, { producerId: 'cam', kind: 'video', syncName: 'ada' }],
      viewed: [],
    });
    expect(receptionOf([ada], [shown('ada')], none, consumer).viewed).toEqual([
      { consumerId: 'consumer of cam', width: 320, height: 180, priority: 'tile' },
    ]);
  });

  it('goes on to want what was shown, without viewing it', () => {
    const before = receptionOf([ada], [shown('ada')], none, consumer);
    const later = receptionOf([ada], [], before, consumer);
    expect(ids(later.wanted)).toEqual(['mic', 'cam']);
    expect(later.viewed).toEqual([]);
  });

  it('forgets what ended', () => {
    expect(receptionOf([person('ada')], [], { ...none, seen: ['cam'] }, consumer).seen).toEqual([]);
  });

  it('keeps of what was shown only the latest', () => {
    const people = Array.from({ length: 40 }, (_, at) => person(`p${at}`, producer(`cam${at}`, 'camera')));
    const before = { ...none, seen: people.map((_, at) => `cam${at}`) };
    const { seen, wanted } = receptionOf(people, [shown('p3')], before, consumer);
    expect(seen).toHaveLength(31);
    expect(seen.at(-1)).toBe('cam3');
    expect(seen).not.toContain('cam4');
    expect(new Set(ids(wanted))).toEqual(new Set(seen));
  });

  it('does not ask for a camera that is switched off', () => {
    const off = person('ada', producer('cam', 'camera', { paused: true }));
    expect(receptionOf([off], [shown('ada')], none, consumer).wanted).toEqual([]);
  });

  it('plays a screen in step with its own sound, not with the voice', () => {
    const sharing = person(
      'ada',
      producer('s', 'screen', { group: 'g' }),
      producer('a', 'screen-audio', { group: 'g' }),
    );
    const { wanted } = receptionOf([sharing], [shown('ada/g')], none, consumer);
    expect(wanted.map((one) => one.syncName)).toEqual(['adag', 'adag']);
  });
});

describe('receptionOf with many microphones', () => {
  const slots = ['slot1', 'slot2'];
  const room = (count: number) =>
    Array.from({ length: count }, (_, at) => person(`p${at}`, producer(`mic${at}`, 'microphone')));
  const entered = { ...none, slots };

  it('receives a few voices each by itself', () => {
    const { wanted, slotted } = receptionOf(room(8), [], entered, () => undefined);
    expect(slotted).toBe(false);
    expect(ids(wanted)).toEqual(room(8).flatMap(({ producers }) => producers.map(({ id }) => id)));
  });

  it('asks for the slots and for no voice that is not there yet', () => {
    const { wanted, slotted } = receptionOf(room(9), [], entered, (id) =>
      id === 'mic3' ? consumer(id) : undefined,
    );
    expect(slotted).toBe(true);
    expect(ids(wanted)).toEqual(['mic3', 'slot1', 'slot2']);
  });

  it('lets go of the voices when the slots are there, and stays with the slots', () => {
    const changed = receptionOf(room(9), [], entered, consumer);
    expect(ids(changed.wanted)).toEqual(slots);
    expect(ids(receptionOf(room(2), [], changed, consumer).wanted)).toEqual(slots);
  });

  it('hears a film besides', () => {
    const film = person('film', producer('sound', 'screen-audio', { group: 'g' }));
    expect(ids(receptionOf([...room(9), film], [], entered, consumer).wanted)).toEqual(['sound', ...slots]);
  });

  it('does without slots where the server has none', () => {
    expect(receptionOf(room(9), [], none, consumer).wanted).toHaveLength(9);
  });
});
