import type { Knock, Knocks as KnocksNews, Participant } from '../signal/protocol.gen';
import type { Acts } from './acts';
import { distinctMarks } from './distinct';
import type { Knocker, Knocks } from './seam/entry';

/** Who waits at the door, as the server tells those who may open. */
export class RoomKnocks implements Knocks {
  #knocks = $state.raw<readonly Knock[]>([]);
  readonly #acts: Acts;
  readonly #inside: () => readonly Participant[];
  readonly list: Knocker[] = $derived.by(() => knockersOf(this.#knocks, this.#inside()));

  /** Marks tell equal names apart, also from those of the people inside. */
  constructor(acts: Acts, inside: () => readonly Participant[]) {
    this.#acts = acts;
    this.#inside = inside;
  }

  /** Takes over what changed; gives who is new. */
  take({ complete, knocks = [], gone = [] }: KnocksNews): Knock[] {
    const known = new Set(this.#knocks.map((knock) => knock.id));
    const changed = new Map(knocks.map((knock) => [knock.id, knock]));
    const fresh = knocks.filter((knock) => !known.has(knock.id));
    const kept = complete
      ? this.#knocks.filter((knock) => changed.has(knock.id))
      : this.#knocks.filter((knock) => !gone.includes(knock.id));
    this.#knocks = [...kept.map((knock) => changed.get(knock.id) ?? knock), ...fresh].sort(
      (a, b) => a.since - b.since,
    );
    return fresh;
  }

  clear(): void {
    this.#knocks = [];
  }

  readonly admit = (knockId: string) => this.#acts.act('lobby.admit', { knockIds: [knockId] });
  readonly refuse = (knockId: string) => this.#acts.act('lobby.refuse', { knockIds: [knockId] });
  readonly block = (knockId: string) => this.#acts.act('lobby.refuse', { knockIds: [knockId], block: true });

  get admitAll() {
    return this.#knocks.length > 0 ? () => this.#acts.act('lobby.admit', { everyone: true }) : undefined;
  }

  get refuseAll() {
    return this.#knocks.length > 0 ? () => this.#acts.act('lobby.refuse', { everyone: true }) : undefined;
  }
}

function knockersOf(knocks: readonly Knock[], inside: readonly Participant[]): Knocker[] {
  const marks = distinctMarks([...inside, ...knocks].map((one) => one.name)).slice(inside.length);
  return knocks.map((knock, i) => ({
    id: knock.id,
    name: knock.name,
    distinct: marks[i],
    identity: knock.identity,
    since: new Date(knock.since),
    away: knock.connection !== 'connected',
    removedBefore: knock.removedBefore ?? false,
    nearRemoved: knock.nearRemoved ?? false,
  }));
}
