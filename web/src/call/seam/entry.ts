/** The seam before the meeting: the door, the waiting room, and those who open. */
import type { Failure } from '../model';
import type { Identity, InvitationKind, Role } from '../../signal/protocol.gen';

/** Ends with the reason why it didn't work, or with undefined when it did. */
export type Outcome = Promise<Failure | undefined>;

/** What can be known of a meeting before joining. */
export interface Door {
  /** Whether the server has told of it; all below is empty until then. */
  readonly known: boolean;
  /** What joining will do: start the meeting as its host, enter, or wait until somebody opens. */
  readonly way: 'start' | 'enter' | 'knock' | undefined;
  readonly hostPresent: boolean;
  readonly title: string;
  /** The meeting's language, such as 'de'; empty when nobody said. */
  readonly language: string;
  /** Who made the link, or whose room it is, and how the server knows that. */
  readonly inviter: { readonly name: string; readonly identity: Identity } | undefined;
  /** For whom and what the link is; undefined without a link, and for one that doesn't hold. */
  readonly invitation:
    { readonly kind: InvitationKind; readonly name: string; readonly role: Role } | undefined;
  /** What is wrong with the link; 'malformed': part of it is missing; 'elsewhere': it is for another server. */
  readonly linkProblem: 'elsewhere' | 'malformed' | 'invite_invalid' | 'invite_in_use' | undefined;
  /** The server that the link was made for, with its port; undefined when it is this one or the link doesn't tell. */
  readonly elsewhere: string | undefined;
  /** Goes on here with a link for another server, which is shown to nobody before; nobody joins before that. */
  readonly agree?: () => void;
  /** Goes on without the link that doesn't hold. */
  readonly forgetLink?: () => void;
  /** Whether to ask for the meeting's password; `error` of the meeting is 'wrong_password' after a wrong one. */
  readonly password: boolean;
  /** A time to come, before which guests wait. */
  readonly startsAt: Date | undefined;
  /** The domain of this server, for people to compare. */
  readonly domain: string;
  /** The domain with the port, when it isn't the usual one. */
  readonly host: string;
}

/** The own place in the waiting room, while the meeting's phase is 'waiting'. */
export interface Waiting {
  readonly hostPresent: boolean;
  readonly title: string;
  /** Gives the place up, and goes back to the page before joining. */
  withdraw(): void;
}

/** Somebody who waits at the door. */
export interface Knocker {
  readonly id: string;
  readonly name: string;
  /** A mark such as "2" when others bear the same name, in the meeting or at the door. */
  readonly distinct: string | undefined;
  readonly identity: Identity;
  readonly since: Date;
  /** Whether the connection is lost just now. */
  readonly away: boolean;
  /** Was taken out of this meeting before. */
  readonly removedBefore: boolean;
  /** Somebody was taken out who came from the same network, which may be a whole school. */
  readonly nearRemoved: boolean;
}

/** Who waits at the door, for those who may open; each new one is a notice 'knocking', which is time for a chime. */
export interface Knocks {
  /** In order of coming. */
  readonly list: readonly Knocker[];
  readonly admit?: (knockId: string) => void;
  readonly admitAll?: () => void;
  readonly refuse?: (knockId: string) => void;
  /** Refuses, and lets the person knock no more. */
  readonly block?: (knockId: string) => void;
  readonly refuseAll?: () => void;
}
