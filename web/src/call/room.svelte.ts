import type {
  Condition,
  ConsumerState,
  ConnectionLevel,
  Delta,
  Joined,
  LeaveReason,
  Participant,
  Quality,
  Resumed,
  Right,
  Settings,
  Speakers,
  You,
} from '../signal/protocol.gen';
import { applyDelta, emptyRoster, takeSnapshot, type Roster, type RosterChange } from '../signal/roster';

const nobody: Speakers = { speaking: [] };

/** What came with a change of the roster that people like to be told. */
export interface RoomNews {
  joined: Participant[];
  left: Participant[];
  /** Who dropped out and didn't come back. */
  lost: Participant[];
  /** Who was taken out. */
  removed: Participant[];
  /** Who began to share a screen. */
  sharing: Participant[];
  /** Who raised a hand. */
  raised: Participant[];
  /** The door was locked, or unlocked. */
  locked: boolean | undefined;
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
  /** The consumers of which the network carries nothing for now. */
  paused = $state.raw<ReadonlySet<string>>(new Set());
  /** What oneself is and may do; undefined outside of the room. */
  you = $state.raw<You | undefined>();
  settings = $state.raw<Settings | undefined>();
  condition = $state.raw<Condition | undefined>();
  readonly rights: ReadonlySet<Right> = $derived(new Set(this.you?.rights));

  get others(): Participant[] {
    return this.roster.participants.filter((participant) => participant.id !== this.selfId);
  }

  get own(): Participant | undefined {
    return this.roster.participants.find((participant) => participant.id === this.selfId);
  }

  /** Raised hands, the first one first. */
  get hands(): Participant[] {
    return this.roster.participants
      .filter((participant) => participant.hand)
      .sort((a, b) => (a.hand ?? 0) - (b.hand ?? 0));
  }

  participant(id: string): Participant | undefined {
    return this.roster.participants.find((participant) => participant.id === id);
  }

  /** Begins with what a join answered. */
  enter({ participantId, you, snapshot }: Joined): void {
    this.leave();
    this.selfId = participantId;
    this.you = you;
    this.settings = snapshot.settings;
    this.condition = snapshot.condition;
    this.roster = takeSnapshot(emptyRoster, snapshot).roster;
    this.speakers = snapshot.speakers;
  }

  /** Goes on with what a resume answered. */
  resume({ you, snapshot }: Resumed): RoomNews {
    this.you = you;
    this.speakers = snapshot.speakers;
    this.condition = snapshot.condition;
    return this.#take(takeSnapshot(this.roster, snapshot), snapshot.settings);
  }

  /** Takes a change over; undefined when one before it is missing. */
  apply(delta: Delta): RoomNews | undefined {
    const change = applyDelta(this.roster, delta);
    if (!change) return undefined;
    if (change.roster === this.roster) return this.#take(change); // it is contained already
    this.condition = delta.condition ?? this.condition;
    return this.#take(change, delta.settings);
  }

  /** Takes note of what oneself is and may do now. */
  become(you: You): void {
    this.you = you;
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
    const paused = new Set(this.paused);
    for (const consumer of consumers) {
      if (consumer.limited) limited.add(consumer.consumerId);
      else limited.delete(consumer.consumerId);
      if (consumer.limited && consumer.layer < 0) paused.add(consumer.consumerId);
      else paused.delete(consumer.consumerId);
    }
    this.limited = limited;
    this.paused = paused;
  }

  leave(): void {
    this.selfId = '';
    this.roster = emptyRoster;
    this.speakers = nobody;
    this.quality = new Map();
    this.limited = new Set();
    this.paused = new Set();
    this.you = undefined;
    this.settings = undefined;
    this.condition = undefined;
  }

  #take({ roster, joined, left }: RosterChange, settings = this.settings): RoomNews {
    const before = new Map(this.roster.participants.map((participant) => [participant.id, participant]));
    // Where everything is stopped, that is what there is to say; the lock belongs to it.
    const quiet = this.condition?.panic || settings?.locked === this.settings?.locked;
    const locked = quiet ? undefined : settings?.locked;
    this.roster = roster;
    this.settings = settings;
    const leavers = (reason: LeaveReason) =>
      left.filter((one) => one.reason === reason).map((one) => one.participant);
    return {
      joined,
      left: leavers('left'),
      lost: leavers('timeout'),
      removed: leavers('removed'),
      sharing: this.others.filter((now) => screenCount(now) > screenCount(before.get(now.id))),
      raised: this.others.filter((now) => now.hand && !before.get(now.id)?.hand),
      locked,
    };
  }
}

function screenCount(participant: Participant | undefined): number {
  return participant?.producers.filter((producer) => producer.source === 'screen').length ?? 0;
}
