import type { WantedTrack } from '../media/receiver';
import type { ShownTrack } from '../media/viewer';
import type { Participant, Producer } from '../signal/protocol.gen';
import type { Shown } from './model';
import { tileIdOf } from './tiles';

/** Up to so many microphones are received each by itself, in step with its person's picture. */
const singleVoices = 8;
/** How much video that is no longer shown stays received, so that it comes back at once. */
const keptVideos = 30;

/** What is known of a reception before it is decided anew. */
export interface Receiving {
  /** Producers of video that were shown, the latest last. */
  seen: readonly string[];
  /** Producers that carry one voice after the other, for rooms with many microphones. */
  slots: readonly string[];
  /** The slots are in use. They stay so: to go back would interrupt who speaks. */
  slotted: boolean;
}

/** What a participant receives. */
export interface Reception extends Receiving {
  wanted: WantedTrack[];
  /** Of the wanted video what can be seen now, as far as it is there. */
  viewed: ShownTrack[];
}

/** All sound of the others, and of their video what is shown or was a short while ago. */
export function receptionOf(
  others: readonly Participant[],
  shown: readonly Shown[],
  { seen, slots, slotted }: Receiving,
  consumerId: (producerId: string) => string | undefined,
): Reception {
  const items = new Map(shown.map((item) => [item.tileId, item]));
  const shows = (participant: Participant, producer: Producer) =>
    producer.kind === 'video' && !producer.paused ? items.get(tileIdOf(participant, producer)) : undefined;

  const tracks = others.flatMap((participant) =>
    participant.producers.map((producer) => ({ participant, producer, item: shows(participant, producer) })),
  );
  const now = tracks.filter(({ item }) => item).map(({ producer }) => producer.id);
  const there = new Set(tracks.map(({ producer }) => producer.id));
  const before = seen.filter((id) => there.has(id) && !now.includes(id));
  const reception: Reception = {
    wanted: [],
    viewed: [],
    seen: [...before.slice(-keptVideos), ...now],
    slots,
    slotted: slotted || (slots.length > 0 && voices(tracks) > singleVoices),
  };

  const kept = new Set(reception.seen);
  const slotsReady = slots.every((id) => consumerId(id));
  for (const { participant, producer, item } of tracks) {
    const id = consumerId(producer.id);
    if (producer.kind === 'video' && !kept.has(producer.id)) continue;
    // Until the slots have taken over, the voices that are there go on.
    if (producer.source === 'microphone' && reception.slotted && (slotsReady || !id)) continue;
    const syncName = participant.id + (producer.group ?? '');
    reception.wanted.push({ producerId: producer.id, kind: producer.kind, syncName });
    if (!item || !id) continue;
    const { width, height, priority } = item;
    reception.viewed.push({ consumerId: id, width, height, priority });
  }
  if (reception.slotted) {
    for (const id of slots) reception.wanted.push({ producerId: id, kind: 'audio', syncName: id });
  }
  return reception;
}

function voices(tracks: readonly { producer: Producer }[]): number {
  return tracks.filter(({ producer }) => producer.source === 'microphone').length;
}
