import type { ChatMessage as Written, ChatRetracted } from '../signal/protocol.gen';
import type { Acts } from './acts';
import { textParts } from './chat-text';
import type { Room } from './room.svelte';
import type { Chat, ChatMessage } from './seam/talk';

/** How many messages the page remembers. */
const remembered = 1_000;

interface Shown {
  written: Written;
  retractable: boolean;
  message: ChatMessage;
}

/** What is written in a meeting. It lives as long as one is in the room. */
export class RoomChat implements Chat {
  recipient = $state.raw<Chat['recipient']>();
  firstUnread = $state<number | undefined>();
  readonly #room: Room;
  readonly #acts: Acts;
  #written = $state.raw<readonly Written[]>([]);
  /** The number of the last message that was there when the person looked. */
  #seen = $state(0);
  #open = $state(false);
  /** Counts the visits, so that an answer for an earlier one is passed over. */
  #visit = 0;
  #shown = new Map<number, Shown>();
  readonly messages: ChatMessage[] = $derived.by(() => this.#show());
  readonly #unreadNow = $derived(
    this.#written.filter((one) => one.number > this.#seen && one.from !== this.#room.selfId),
  );

  constructor(room: Room, acts: Acts) {
    this.#room = room;
    this.#acts = acts;
  }

  get unread(): number {
    return this.#open ? 0 : this.#unreadNow.length;
  }

  get recipients(): string[] {
    return this.#room.rights.has('private-chat') ? this.#room.others.map((one) => one.id) : [];
  }

  get send() {
    const to = this.recipient?.id;
    if (!this.#room.rights.has(to ? 'private-chat' : 'group-chat')) return undefined;
    return (text: string, replyTo?: number) =>
      this.#acts.attempt('chat.send', { text, ...(to && { to }), ...(replyTo && { replyTo }) });
  }

  choose(personId: string | undefined): void {
    const person = personId === undefined ? undefined : this.#room.participant(personId);
    this.recipient = person && { id: person.id, name: person.name };
  }

  look(open: boolean): void {
    if (open && !this.#open) this.firstUnread = this.#unreadNow[0]?.number;
    if (!open) this.firstUnread = undefined;
    this.#open = open;
    this.#markSeen();
  }

  /** Takes over new messages; gives those of others that the person doesn't see at once. */
  take(messages: Written[]): Written[] {
    const known = new Set(this.#written.map((one) => one.number));
    this.#merge(messages);
    if (this.#open) this.#markSeen();
    return messages.filter(
      (one) => !this.#open && !known.has(one.number) && one.from !== this.#room.selfId && !one.retracted,
    );
  }

  retracted({ numbers }: ChatRetracted): void {
    const gone = new Set(numbers);
    this.#written = this.#written.map((one) =>
      gone.has(one.number) ? { ...one, text: '', retracted: true } : one,
    );
  }

  /** Reads what was written before; after entering anew it counts as read, after a short absence it doesn't. */
  async read(anew: boolean): Promise<void> {
    if (anew) this.clear();
    const visit = this.#visit;
    for (let after = 0, more = true; more;) {
      const page = await this.#acts.ask('chat.read', { after });
      if (typeof page === 'string' || visit !== this.#visit) return;
      this.#merge(page.messages);
      if (anew || this.#open) this.#markSeen();
      const last = page.messages.at(-1)?.number ?? after;
      more = page.more && last > after;
      after = last;
    }
  }

  clear(): void {
    this.#visit++;
    this.#written = [];
    this.#shown.clear();
    this.#seen = 0;
    this.firstUnread = undefined;
    this.recipient = undefined;
  }

  #markSeen(): void {
    this.#seen = Math.max(this.#seen, this.#written.at(-1)?.number ?? 0);
  }

  #merge(messages: Written[]): void {
    const all = new Map(this.#written.map((one) => [one.number, one]));
    for (const one of messages) all.set(one.number, one);
    this.#written = [...all.values()].sort((a, b) => a.number - b.number).slice(-remembered);
  }

  #show(): ChatMessage[] {
    const moderates = this.#room.rights.has('moderate');
    const before = this.#shown;
    this.#shown = new Map();
    for (const written of this.#written) {
      const retractable = !written.retracted && (moderates || written.from === this.#room.selfId);
      const replyTo = this.#shown.get(written.replyTo ?? 0)?.message;
      const known = before.get(written.number);
      const same =
        known?.written === written && known.retractable === retractable && known.message.replyTo === replyTo;
      const message = same ? known.message : this.#messageOf(written, retractable, replyTo);
      this.#shown.set(written.number, { written, retractable, message });
    }
    return [...this.#shown.values()].map((one) => one.message);
  }

  #messageOf(written: Written, retractable: boolean, replyTo: ChatMessage | undefined): ChatMessage {
    const { number, from, name, to, toName = '', at, retracted = false } = written;
    return {
      id: number,
      from,
      name,
      self: from === this.#room.selfId,
      to: to ? { id: to, name: toName } : undefined,
      at: new Date(at),
      retracted,
      parts: retracted ? [] : textParts(written.text),
      replyTo,
      ...(retractable && { retract: () => this.#acts.act('chat.retract', { number }) }),
    };
  }
}
