import type { Person, Tile } from './model';
import { keepUnchanged, peopleOf, tilesOf, type MeetingState } from './tiles';

/** Who is in a meeting, as tiles and as people. What did not change keeps its identity. */
export class Cast {
  readonly #state: MeetingState;
  #tilesBefore: Tile[] = [];
  readonly tiles = $derived.by(
    () => (this.#tilesBefore = keepUnchanged(this.#tilesBefore, tilesOf(this.#state))),
  );
  #peopleBefore: Person[] = [];
  readonly people = $derived.by(
    () => (this.#peopleBefore = keepUnchanged(this.#peopleBefore, peopleOf(this.#state))),
  );
  readonly self = $derived(this.tiles.find((tile) => tile.self && tile.kind === 'camera'));
  readonly hands = $derived(
    this.people.filter((person) => person.hand).sort((a, b) => (a.hand ?? 0) - (b.hand ?? 0)),
  );

  constructor(stateNow: () => MeetingState) {
    this.#state = $derived.by(stateNow);
  }
}
