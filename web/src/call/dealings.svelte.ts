import type { Notification } from '../signal/channel';
import type { Session } from '../signal/session';
import { Acts } from './acts';
import type { CardDetails } from './card';
import { RoomChat } from './chat.svelte';
import { RoomInvitations } from './invitations.svelte';
import { RoomKnocks } from './knocks.svelte';
import { RoomModeration } from './moderation.svelte';
import type { Notices } from './notices.svelte';
import type { OwnMedia } from './own-media.svelte';
import { RoomReactions } from './reactions.svelte';
import type { Room } from './room.svelte';
import { tellAsked, tellMessages, tellModerated } from './telling';

export interface DealingsOptions {
  session: Session;
  room: Room;
  notices: Notices;
  own: OwnMedia;
  /** What the meeting's invitations have in common. */
  details(): Omit<CardDetails, 'secret' | 'id' | 'kind' | 'name'>;
}

/** What people in a room do with each other beside seeing and hearing. */
export class Dealings {
  readonly chat: RoomChat;
  readonly moderation: RoomModeration;
  readonly reactions: RoomReactions;
  readonly #options: DealingsOptions;
  readonly #acts: Acts;
  readonly #knocks: RoomKnocks;
  readonly #invitations: RoomInvitations;

  constructor(options: DealingsOptions) {
    const { session, room, notices, details } = options;
    this.#options = options;
    this.#acts = new Acts(
      (method, params) => session.request(method, params),
      (failure) => notices.tell('failed', { failure }),
    );
    this.chat = new RoomChat(room, this.#acts);
    this.moderation = new RoomModeration(room, this.#acts, this.chat);
    this.reactions = new RoomReactions(room, this.#acts);
    this.#knocks = new RoomKnocks(this.#acts, () => room.roster.participants);
    const host = () => room.you?.role === 'host';
    this.#invitations = new RoomInvitations({ acts: this.#acts, host, details });
  }

  get knocks() {
    return this.#options.room.rights.has('admit') ? this.#knocks : undefined;
  }

  get invitations() {
    return this.#options.room.rights.has('invite') ? this.#invitations : undefined;
  }

  get hand() {
    const { own, rights } = this.#options.room;
    const raised = (own?.hand ?? 0) > 0;
    if (!rights.has('reaction')) return { raised };
    return { raised, toggle: () => this.#acts.act('hand.raise', { raised: !raised }) };
  }

  /** Takes over what the server tells. */
  take({ method, params }: Notification): void {
    const { room, notices, own } = this.#options;
    switch (method) {
      case 'knocks': {
        const names = this.#knocks.take(params).map((knock) => knock.name);
        return notices.people('knocking', names);
      }
      case 'asked':
        return tellAsked(notices, params, room.participant(params.by), () => own.turnOn(params.source));
      case 'moderated':
        return tellModerated(notices, params, room.participant(params.by), room.you?.role);
      case 'chat':
        return tellMessages(notices, this.chat.take(params.messages));
      case 'chat.retracted':
        return this.chat.retracted(params);
      case 'reactions':
        return this.reactions.take(params);
    }
  }

  /** Forgets all, after leaving the room. */
  clear(): void {
    this.#knocks.clear();
    this.chat.clear();
    this.reactions.clear();
  }
}
