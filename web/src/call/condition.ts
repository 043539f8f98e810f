import type { Room } from './room.svelte';
import type { Condition } from './seam/moderation';

/** What holds for the meeting as a whole. */
export function conditionOf(room: Room): Condition {
  const { panic = false, panicBy = '', heldUntil, endsAt, startedAt } = room.condition ?? {};
  return {
    panic,
    panicBy: room.participant(panicBy)?.name ?? '',
    halted: room.own?.halted ?? false,
    heldUntil: time(heldUntil),
    endsAt: time(endsAt),
    startedAt: time(startedAt),
  };
}

function time(at: number | undefined): Date | undefined {
  return at ? new Date(at) : undefined;
}
