import type { Devices } from '../media/devices.svelte';
import type { Exchange } from '../media/exchange';
import type { MeetingLayout, Person, Tile, TileConnection } from './model';
import type { OwnMedia } from './own-media.svelte';
import type { RoomReactions } from './reactions.svelte';
import type { Room } from './room.svelte';
import { keepUnchanged, peopleOf, tilesOf, type MeetingState } from './tiles';

export interface CastOptions {
  room: Room;
  exchange: Exchange;
  devices: Devices;
  own: OwnMedia;
  reactions: RoomReactions;
  connection(): TileConnection;
  /** Whether no pictures of others are wanted. */
  blind(): boolean;
}

/**
 * Who is in a meeting, as tiles and as people, and how one wants to see them. What did not change keeps its identity.
 */
export class Cast {
  layout = $state<MeetingLayout>('grid');
  readonly #options: CastOptions;
  /** Counts the changes of what is received, which lies outside of runes. */
  #streams = $state(0);
  #pin = $state<string | undefined>();
  readonly #state = $derived.by(() => this.#stateNow());
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

  constructor(options: CastOptions) {
    this.#options = options;
  }

  get pinned(): string | undefined {
    return this.tiles.some((tile) => tile.id === this.#pin) ? this.#pin : undefined;
  }

  pin(tileId: string | undefined): void {
    this.#pin = tileId;
  }

  /** Other streams come in than before. */
  streamsChanged(): void {
    this.#streams++;
  }

  #stateNow(): MeetingState {
    void this.#streams;
    const { room, exchange, devices, own, reactions, connection, blind } = this.#options;
    return {
      participants: room.roster.participants,
      selfId: room.selfId,
      speakers: room.speakers,
      quality: room.quality,
      stream: blind() ? () => undefined : (producerId) => exchange.stream(producerId),
      limited: (producerId) => room.limited.has(exchange.consumerId(producerId) ?? ''),
      paused: (producerId) => room.paused.has(exchange.consumerId(producerId) ?? ''),
      reactions: reactions.last,
      own: {
        microphoneOn: devices.microphoneOn,
        camera: devices.preview,
        screens: own.shared,
        connection: connection(),
      },
    };
  }
}
