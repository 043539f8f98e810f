import type { FailureCode } from '../signal/failure';
import type { Peeked } from '../signal/protocol.gen';
import type { Entrance } from '../signal/session';
import type { Request } from './acts';
import type { KeptEntrance } from './kept-entrance';
import type { AddressSecrets } from './secrets';
import type { Door } from './seam/entry';

export interface DoorOptions {
  room: string;
  /** What lets the person in, beside the password. */
  kept: KeptEntrance;
  ask: Request;
  domain: string;
  /** The domain with the port, as the browser has it. */
  host: string;
}

/** The failures that the person can do something about on the page before joining. */
const curable: ReadonlySet<FailureCode> = new Set<FailureCode>([
  'invalid_name',
  'password_required',
  'wrong_password',
  'invite_invalid',
  'invite_in_use',
  'log_in_required',
  'try_later',
]);

/** How often it is asked whether a host has come, in ms. */
const askAgain = 10_000;

/**
 * What can be known of a meeting before joining, and what is shown to be let in. It asks again until a host is there
 * or the person joins; its timer ends with the connection.
 */
export class RoomDoor implements Door {
  readonly domain: string;
  readonly host: string;
  readonly #options: DoorOptions;
  #peeked = $state.raw<Peeked | undefined>();
  #malformed = $state(false);
  #elsewhere = $state<string | undefined>();
  /** What joining said, when it knew better. */
  #passwordAsked = $state(false);
  #linkRefused = $state<'invite_invalid' | 'invite_in_use' | undefined>();
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(options: DoorOptions) {
    this.#options = options;
    this.domain = options.domain;
    this.host = options.host;
    this.#elsewhere = options.kept.value.elsewhere;
  }

  get known(): boolean {
    return this.#peeked !== undefined;
  }
  get way() {
    return this.#peeked?.entry;
  }
  get hostPresent(): boolean {
    return this.#peeked?.hostPresent ?? false;
  }
  get title(): string {
    return this.#peeked?.title ?? '';
  }
  get language(): string {
    return this.#peeked?.language ?? '';
  }
  get inviter() {
    return this.#elsewhere ? undefined : this.#peeked?.inviter; // nobody vouches for a server that may be imitated
  }
  get invitation() {
    const invitation = this.linkProblem ? undefined : this.#peeked?.invitation;
    return invitation && { ...invitation, name: invitation.name ?? '' };
  }
  get password(): boolean {
    return this.#passwordAsked || (this.#peeked?.password ?? false);
  }
  get startsAt(): Date | undefined {
    return this.#peeked?.startsAt ? new Date(this.#peeked.startsAt) : undefined;
  }

  get linkProblem(): Door['linkProblem'] {
    if (this.#elsewhere) return 'elsewhere';
    if (this.#malformed) return 'malformed';
    const told = this.#peeked?.inviteError;
    return this.#linkRefused ?? (told === 'invite_in_use' ? told : told && 'invite_invalid');
  }

  get forgetLink() {
    return this.linkProblem && !this.#elsewhere ? () => this.#forget() : undefined;
  }

  get elsewhere(): string | undefined {
    return this.#elsewhere;
  }

  get agree() {
    return this.#elsewhere ? () => this.#agree() : undefined;
  }

  /** Takes over what the address brought: a new link counts instead of what was before. */
  arrive({ invite, server, token, malformed = false }: AddressSecrets): void {
    const { kept } = this.#options;
    if (invite) {
      const elsewhere = server === this.host ? undefined : server;
      kept.set({ invite, elsewhere, knock: undefined });
      this.#elsewhere = elsewhere;
    }
    if (token) kept.set({ token, knock: undefined });
    this.#malformed = malformed;
  }

  /** What is shown to be let in. */
  entrance(password: string): Entrance {
    clearTimeout(this.#timer);
    const { invite, token, knock } = this.#options.kept.value;
    return {
      ...(invite && { invite }),
      ...(token && { token }),
      ...(knock && { knock }),
      ...(password !== '' && { password }),
    };
  }

  /** Asks the server. What it doesn't tell stays unknown: joining will show. */
  async ask(): Promise<void> {
    const { room, kept, ask } = this.#options;
    const invite = this.#elsewhere ? undefined : kept.value.invite;
    clearTimeout(this.#timer);
    try {
      this.#peeked = await ask('peek', { room, ...(invite && { invite }) });
      clearTimeout(this.#timer);
      if (this.way === 'knock' && !this.hostPresent)
        this.#timer = setTimeout(() => void this.ask(), askAgain);
    } catch {
      // Too often, or the connection dropped: it is asked again with the next one.
    }
  }

  /** Takes note of why joining failed; true when the person can do something about it here. */
  refused(reason: FailureCode): boolean {
    if (reason === 'password_required' || reason === 'wrong_password') this.#passwordAsked = true;
    if (reason === 'invite_invalid' || reason === 'invite_in_use') this.#linkRefused = reason;
    if (reason === 'refused' || reason === 'gone') this.#options.kept.set({ knock: undefined });
    if (reason === 'token_invalid') this.#options.kept.set({ token: undefined });
    if (curable.has(reason)) void this.ask();
    return curable.has(reason);
  }

  #agree(): void {
    this.#options.kept.set({ elsewhere: undefined });
    this.#elsewhere = undefined;
    void this.ask();
  }

  #forget(): void {
    this.#options.kept.set({ invite: undefined, knock: undefined });
    this.#malformed = false;
    this.#linkRefused = undefined;
    void this.ask();
  }
}
