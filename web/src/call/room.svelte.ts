import type {
  ConsumerState,
  ConnectionLevel,
  Delta,
  Joined,
  Participant,
  Quality,
  Resumed,
  Speakers,
} from '../signal/protocol.gen';
import { applyDelta, emptyRoster, takeSnapshot, type Roster, type RosterChange } from '../signal/roster';

const nobody: Speakers = { speaking: [] };

/** What came with a change of the roster that people like to be told. */
export interface RoomNews {
  joined: Participant[];
  left: Participant[];
  /** Who dropped out and didn't come back. */
  lost: Participant[];
  /** Who began to share a screen. */
  sharing: Participant[];
}

/** A room as the server tells of it. */
export class Room {
  /** The own participant's id. */
  selfId = $state('');
  roster = $state.raw<Roster>(emptyRoster);
  speakers = $state.raw<Speakers>(nobody);
  quality = $state.raw<ReadonlyMap<string, ConnectionLevel>>(new Map());
  /** The consumers that carry less than could be shown. */
  limited = $state.raw<ReadonlySet<string>>(new Set());

  get others(): Participant[] {
    return this.roster.participants.filter((participant) => participant.id !== this.selfId);
  }

  get own(): Participant | undefined {
    return this.roster.participants.find((participant) => participant.id === this.selfId);
  }

  /** Begins with what a join answered. */
  enter({ participantId, snapshot }: Joined): void {
    this.leave();
    this.selfId = participantId;
    this.roster = takeSnapshot(emptyRoster, snapshot).roster;
    this.speakers = snapshot.speakers;
  }

  /** Goes on with what a resume answered. */
  resume({ snapshot }: Resumed): RoomNews {
    this.speakers = snapshot.speakers;
    return this.#take(takeSnapshot(this.roster, snapshot));
  }

  /** Takes a change over; undefined when one before it is missing. */
  apply(delta: Delta): RoomNews | undefined {
    const change = applyDelta(this.roster, delta);
    return change && this.#take(change);
  }

  speak(speakers: Speakers): void {
    this.speakers = speakers;
  }

  measure({ participants }: Quality): void {
    const quality = new Map(this.quality);
    for (const { participantId, level } of participants) quality.set(participantId, level);
    this.quality = quality;
  }

  limit(consumers: ConsumerState[]): void {
    const limited = new Set(this.limited);
    for (const consumer of consumers) {
      if (consumer.limited) limited.add(consumer.consumerId);
      else limited.delete(consumer.consumerId);
    }
    this.limited = limited;
  }

  leave(): void {
    this.selfId = '';
    this.roster = emptyRoster;
    this.speakers = nobody;
    this.quality = new Map();
    this.limited = new Set();
  }

  #take({ roster, joined, left }: RosterChange): RoomNews {
    const before = new Map(this.roster.participants.map((participant) => [participant.id, participant]));
    this.roster = roster;
    const leavers = (timeout: boolean) =>
      left.filter((one) => (one.reason === 'timeout') === timeout).map((one) => one.participant);
    return {
      joined,
      left: leavers(false),
      lost: leavers(true),
      sharing: this.others.filter((now) => screenCount(now) > screenCount(before.get(now.id))),
    };
  }
}

function screenCount(participant: Participant | undefined): number {
  return participant?.producers.filter((producer) => producer.source === 'screen').length ?? 0;
}
