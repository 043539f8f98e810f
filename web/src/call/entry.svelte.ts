import { failureCode, type FailureCode } from '../signal/failure';
import type { Lobby } from '../signal/protocol.gen';
import type { Session } from '../signal/session';
import type { RoomDoor } from './door.svelte';
import type { KeptEntrance } from './kept-entrance';
import type { Failure, Phase } from './model';
import type { KeptPreferences } from './preferences.svelte';

export interface EntryOptions {
  session: Session;
  door: RoomDoor;
  kept: KeptEntrance;
  preferences: KeptPreferences;
  /** Opens the page before joining, after all was left. */
  open(): void;
  /** Ends what belongs to being in the room. */
  leaveRoom(): void;
  /** Ends everything. */
  leave(): void;
}

/** The way into a meeting and out of it: the phase, why it is so, and the name that one goes by. */
export class Entry {
  phase = $state<Phase>('lobby');
  error = $state<Failure | undefined>();
  name = $state('');
  readonly #options: EntryOptions;
  #lobby = $state.raw<Lobby | undefined>();

  constructor(options: EntryOptions) {
    this.#options = options;
    this.name = options.preferences.name;
  }

  get waiting() {
    if (this.phase !== 'waiting' || !this.#lobby) return undefined;
    const { hostPresent, title = '' } = this.#lobby;
    return { hostPresent, title, withdraw: () => this.#withdraw() };
  }

  get join() {
    if (this.phase !== 'lobby' || this.#options.door.elsewhere) return undefined;
    return (name: string, password = '') => this.#join(name, password);
  }

  get rejoin() {
    const out = this.phase === 'left' || this.phase === 'ended' || this.phase === 'failed';
    if (!out || this.error === 'refused' || this.error === 'banned') return undefined;
    return () => this.#options.open();
  }

  /** Before the page before joining. */
  begin(): void {
    this.phase = 'lobby';
    this.error = undefined;
  }

  /** Goes back to the place in the waiting room after the page was loaded again. */
  goOnWaiting(): void {
    if (this.#options.kept.value.knock && this.name !== '') void this.#join(this.name, '');
  }

  /** The server keeps the person waiting, perhaps after they were in the room. */
  wait(lobby: Lobby): void {
    if (this.phase === 'in' || this.phase === 'reconnecting') this.#options.leaveRoom();
    this.#lobby = lobby;
    this.#options.kept.set({ knock: lobby.ticket });
    this.phase = 'waiting';
  }

  enter(): void {
    this.phase = 'in';
    this.#lobby = undefined;
    this.#options.kept.set({ knock: undefined });
  }

  over(phase: 'left' | 'ended' | 'failed', error?: FailureCode): void {
    this.#options.leave();
    this.#lobby = undefined;
    this.phase = phase;
    this.error = error;
  }

  /** Takes another name; when the server refuses it the old one stays, and everybody sees it. */
  async rename(name: string): Promise<void> {
    try {
      await this.#options.session.rename(name.trim());
    } catch {
      return;
    }
    this.#call(name);
  }

  async #join(name: string, password: string): Promise<void> {
    const { session, door } = this.#options;
    this.phase = 'joining';
    this.error = undefined;
    this.#call(name);
    try {
      await session.join(this.name, door.entrance(password));
    } catch (error) {
      if (this.phase !== 'joining' && this.phase !== 'waiting') return; // the person went away meanwhile
      this.#notLetIn(failureCode(error), password);
    }
  }

  #call(name: string): void {
    this.name = name.trim();
    this.#options.preferences.name = this.name;
  }

  /** Goes back to the page before joining where that helps, or tells why there is no way in. */
  #notLetIn(reason: FailureCode, password: string): void {
    if (!this.#options.door.refused(reason)) return this.over('failed', reason);
    this.phase = 'lobby';
    this.error = reason === 'password_required' && password === '' ? undefined : reason;
  }

  #withdraw(): void {
    this.#options.kept.set({ knock: undefined });
    this.#options.session.leave();
    this.#options.open();
  }
}
