/** The seam for talking beside the voice: chat, raised hands, reactions. */
import type { Reaction } from '../../signal/protocol.gen';
import type { Outcome } from './entry';

/** A piece of a chat message: plain text, or a link that is safe to be offered (rel="noopener noreferrer"). */
export interface TextPart {
  readonly text: string;
  readonly href?: string;
}

export interface ChatMessage {
  readonly id: number;
  readonly from: string;
  /** The sender's name when it was written. */
  readonly name: string;
  readonly self: boolean;
  /** The one other person who reads it; undefined: everybody does. */
  readonly to: { readonly id: string; readonly name: string } | undefined;
  readonly at: Date;
  readonly retracted: boolean;
  /** Empty when it was taken back. */
  readonly parts: readonly TextPart[];
  /** What it answers, as far as that is known; parts are those of the original. */
  readonly replyTo: ChatMessage | undefined;
  /** Takes it back: an own one, or any for those who moderate. */
  readonly retract?: () => void;
}

export interface Chat {
  /** The oldest first. Objects keep their identity as long as nothing about them changes. */
  readonly messages: readonly ChatMessage[];
  /** How many came since the chat was last looked at. */
  readonly unread: number;
  /** The first unread message when the chat was opened, for a line above it. */
  readonly firstUnread: number | undefined;
  /** The panel was opened or closed: messages that come while it is open are read. */
  look(open: boolean): void;
  /** To whom a next message goes; undefined: to everybody. Chosen by choose() or by PersonActions.write. */
  readonly recipient: { readonly id: string; readonly name: string } | undefined;
  choose(personId: string | undefined): void;
  /** Ids of people to whom one may write alone. */
  readonly recipients: readonly string[];
  /** Writes to the recipient; undefined when that is not allowed. 'rate_limited' and 'try_later': wait a moment. */
  readonly send?: (text: string, replyTo?: number) => Outcome;
}

/** The own hand; the places of all are in Person.hand and Meeting.hands. */
export interface Hand {
  readonly raised: boolean;
  readonly toggle?: () => void;
}

export interface ShownReaction {
  readonly id: number;
  readonly participantId: string;
  readonly name: string;
  readonly reaction: Reaction;
}

export interface Reactions {
  /** What is to be seen just now, the oldest first; each goes away by itself. */
  readonly shown: readonly ShownReaction[];
  /** The ones to choose from. */
  readonly choices: readonly Reaction[];
  readonly react?: (reaction: Reaction) => void;
}
