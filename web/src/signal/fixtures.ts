import type { Participant, Producer, Resumed, Snapshot } from './protocol.gen';

/** Somebody of whom nothing special is known. */
export function participant(id: string, more: Partial<Participant> = {}): Participant {
  return {
    id,
    name: id,
    connection: 'connected',
    role: 'participant',
    identity: { kind: 'guest' },
    producers: [],
    ...more,
  };
}

export function producer(id: string, source: Producer['source'], more: Partial<Producer> = {}): Producer {
  const kind = source === 'microphone' || source === 'screen-audio' ? 'audio' : 'video';
  return { id, kind, source, paused: false, ...more };
}

/** A room that is open to everybody. */
export function snapshot(sequence: number, ...participants: Participant[]): Snapshot {
  return {
    sequence,
    room: 'board',
    settings: {} as Snapshot['settings'],
    condition: { startedAt: 0 },
    participants,
    speakers: { speaking: [] },
  };
}

export function resumed(participantId: string, of: Snapshot): Resumed {
  return { participantId, you: { role: 'participant', rights: [] }, snapshot: of, consumerIds: [] };
}
