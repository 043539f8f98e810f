import type { WantedTrack } from '../media/receiver';
import type { ShownTrack } from '../media/viewer';
import type { Participant } from '../signal/protocol.gen';
import type { Shown } from './model';
import { tileIdOf } from './tiles';

/** What a participant receives. */
export interface Reception {
  wanted: WantedTrack[];
  /** Of the wanted video what can be seen now, as far as it is there. */
  viewed: ShownTrack[];
  /** The producers of video that were ever shown: they stay wanted, so that they come back at once. */
  seen: Set<string>;
}

/** All sound of the others, and of their video what is shown or was. */
export function receptionOf(
  others: readonly Participant[],
  shown: readonly Shown[],
  seenBefore: ReadonlySet<string>,
  consumerId: (producerId: string) => string | undefined,
): Reception {
  const items = new Map(shown.map((item) => [item.tileId, item]));
  const reception: Reception = { wanted: [], viewed: [], seen: new Set() };
  for (const participant of others) {
    for (const producer of participant.producers) {
      const video = producer.kind === 'video';
      const item = video && !producer.paused ? items.get(tileIdOf(participant, producer)) : undefined;
      if (video && !item && !seenBefore.has(producer.id)) continue;
      if (video) reception.seen.add(producer.id);
      const syncName = participant.id + (producer.group ?? '');
      reception.wanted.push({ producerId: producer.id, kind: producer.kind, syncName });
      const id = consumerId(producer.id);
      if (!item || !id) continue;
      const { width, height, priority } = item;
      reception.viewed.push({ consumerId: id, width, height, priority });
    }
  }
  return reception;
}
