import type { Reaction, Reactions as ReactionsNews } from '../signal/protocol.gen';
import type { Acts } from './acts';
import type { Room } from './room.svelte';
import type { Reactions, ShownReaction } from './seam/talk';

/** How long a reaction is to be seen, in ms, and how many at once. */
const lifetime = 4_000;
const shownAtOnce = 30;

const choices: readonly Reaction[] = [
  'thumbs-up',
  'thumbs-down',
  'applause',
  'heart',
  'laughter',
  'surprise',
  'party',
];

/** The reactions of the moment. It owns the timers that take them away. */
export class RoomReactions implements Reactions {
  shown = $state.raw<readonly ShownReaction[]>([]);
  readonly choices = choices;
  readonly #room: Room;
  readonly #acts: Acts;
  readonly #timers = new Set<ReturnType<typeof setTimeout>>();
  #lastId = 0;

  constructor(room: Room, acts: Acts) {
    this.#room = room;
    this.#acts = acts;
  }

  get react() {
    if (!this.#room.rights.has('reaction')) return undefined;
    return (reaction: Reaction) => this.#acts.act('react', { reaction });
  }

  /** The last one of each person that is to be seen. */
  get last(): ReadonlyMap<string, Reaction> {
    return new Map(this.shown.map((one) => [one.participantId, one.reaction]));
  }

  take({ reactions }: ReactionsNews): void {
    const fresh = reactions
      .filter((one) => choices.includes(one.reaction))
      .map((one) => ({
        ...one,
        id: ++this.#lastId,
        name: this.#room.participant(one.participantId)?.name ?? '',
      }));
    if (fresh.length === 0) return;
    this.shown = [...this.shown, ...fresh].slice(-shownAtOnce);
    const upTo = this.#lastId;
    const timer = setTimeout(() => {
      this.#timers.delete(timer);
      this.shown = this.shown.filter((one) => one.id > upTo);
    }, lifetime);
    this.#timers.add(timer);
  }

  clear(): void {
    for (const timer of this.#timers) clearTimeout(timer);
    this.#timers.clear();
    this.shown = [];
  }
}
