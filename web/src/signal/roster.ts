import type { Delta, LeaveReason, Participant, Snapshot } from './protocol.gen';

/** Who is in the room, as of the delta with this number. Never changed, only replaced. */
export interface Roster {
  readonly sequence: number;
  /** In order of joining. */
  readonly participants: readonly Participant[];
}

/** What a delta, or a snapshot that replaced another, changed. */
export interface RosterChange {
  roster: Roster;
  joined: Participant[];
  left: { participant: Participant; reason: LeaveReason }[];
}

export const emptyRoster: Roster = { sequence: 0, participants: [] };

/** Takes a snapshot in the place of what was known. */
export function takeSnapshot(before: Roster, snapshot: Snapshot): RosterChange {
  const known = new Set(before.participants.map((participant) => participant.id));
  const now = new Set(snapshot.participants.map((participant) => participant.id));
  return {
    roster: { sequence: snapshot.sequence, participants: snapshot.participants },
    joined: snapshot.participants.filter((participant) => !known.has(participant.id)),
    left: before.participants
      .filter((participant) => !now.has(participant.id))
      .map((participant) => ({ participant, reason: 'left' as const })),
  };
}

/**
 * Applies a delta. One that is already contained changes nothing; undefined when one before it is missing, so that
 * a new snapshot is needed.
 */
export function applyDelta(before: Roster, delta: Delta): RosterChange | undefined {
  if (delta.sequence <= before.sequence) return { roster: before, joined: [], left: [] };
  if (delta.sequence !== before.sequence + 1) return undefined;

  const reasons = new Map((delta.left ?? []).map((left) => [left.participantId, left.reason]));
  const left: RosterChange['left'] = [];
  const participants: Participant[] = [];
  for (const participant of before.participants) {
    const reason = reasons.get(participant.id);
    if (reason) left.push({ participant, reason });
    else participants.push(participant);
  }

  const joined: Participant[] = [];
  for (const participant of delta.participants ?? []) {
    const at = participants.findIndex((other) => other.id === participant.id);
    if (at >= 0) participants[at] = participant;
    else {
      participants.push(participant);
      joined.push(participant);
    }
  }
  return { roster: { sequence: delta.sequence, participants }, joined, left };
}
