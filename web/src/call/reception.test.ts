import { describe, expect, it } from 'vitest';
import { participant, producer } from '../signal/fixtures';
import type { Producer } from '../signal/protocol.gen';
import { receptionOf } from './reception';

const person = (id: string, ...producers: Producer[]) => participant(id, { producers });
const shown = (tileId: string) => ({ tileId, width: 320, height: 180, priority: 'tile' as const });
const consumer = (producerId: string) => `consumer of ${producerId}`;
const none = new Set<string>();
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
    const { seen } = receptionOf([ada], [shown('ada')], none, consumer);
    const later = receptionOf([ada], [], seen, consumer);
    expect(ids(later.wanted)).toEqual(['mic', 'cam']);
    expect(later.viewed).toEqual([]);
  });

  it('forgets what ended', () => {
    expect(receptionOf([person('ada')], [], new Set(['cam']), consumer).seen.size).toBe(0);
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
