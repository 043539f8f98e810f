/**
 * The seam for logging in: what src/account does and the views show. As in src/call/model.ts an action that is
 * undefined is not allowed now. Actions that can fail answer with the reason, or undefined when all went well.
 */
import type { ErrorCode } from './api.gen';

/** Why something about an account didn't work; 'cancelled' also when the person closed the browser's dialog. */
export type AccountFailure = ErrorCode | 'network' | 'browser';

/** Ends with the reason why it didn't work, or with undefined when it did. */
export type AccountOutcome = Promise<AccountFailure | undefined>;

/** Who somebody is to this server. */
export interface Identity {
  readonly name: string;
  /** The key of the provider, or 'local'. */
  readonly provider: string;
  /** What people call the provider; empty for an account of this server. */
  readonly providerName: string;
  readonly operator: boolean;
}

/** Somebody else's log-in that this server takes: a button. */
export interface Provider {
  readonly key: string;
  readonly name: string;
}

/** Who uses the page, and how to log in. */
export interface Account {
  /** 'unknown' until the server has answered; 'unreachable' when it could not be asked. */
  readonly state: 'unknown' | 'out' | 'in' | 'unreachable';
  readonly identity: Identity | undefined;
  /** Whether this person may start a meeting now. */
  readonly mayCreate: boolean;
  /** Who may start meetings on this server: tells somebody who may not what would help. */
  readonly create: 'signed-in' | 'allowed' | 'anyone';
  /** A request is on its way. */
  readonly busy: boolean;
  /** Why the server cannot be asked, or logging in at a provider failed; shown on the page to log in. */
  readonly error: AccountFailure | undefined;
  readonly providers: readonly Provider[];
  /** Goes to a provider's page, and afterwards back to the page that is open. */
  readonly logInAt?: (providerKey: string) => AccountOutcome;
  readonly logInByPassword?: (name: string, password: string) => AccountOutcome;
  /** Undefined also where the browser knows no passkeys. */
  readonly logInByPasskey?: () => AccountOutcome;
  readonly logOut?: (everywhere?: boolean) => AccountOutcome;
  /** The page that a set-up link opened. */
  readonly setup: Setup | undefined;
  /** The page on which somebody with an account of this server looks after it. */
  readonly own: OwnAccount | undefined;
  /** The accounts of this server, for operators. */
  readonly people: LocalPeople | undefined;
  /** Asks the server again. */
  refresh(): void;
}

/** What a set-up link is for: the first operator, or an account that was made for somebody. */
export interface Setup {
  /** 'asking' until the server has answered; 'ended': the link was used, is too old or was never right. */
  readonly state: 'asking' | 'open' | 'ended' | 'done';
  /** Why the link cannot be asked about, such as 'network'. */
  readonly error: AccountFailure | undefined;
  /** Whether it makes the first operator, who chooses a name. */
  readonly first: boolean;
  /** The name of the account otherwise. */
  readonly name: string;
  /** Undefined also where passkeys don't work: by the browser, or by an address without a name. */
  readonly usePasskey?: (name: string) => AccountOutcome;
  readonly usePassword?: (name: string, password: string) => AccountOutcome;
}

export interface Passkey {
  readonly id: string;
  readonly name: string;
  readonly made: Date;
  readonly remove?: () => AccountOutcome;
}

/** An account of this server, for its owner. 'not_recent' as failure: log in again first. */
export interface OwnAccount {
  readonly loaded: boolean;
  readonly name: string;
  readonly hasPassword: boolean;
  readonly passkeys: readonly Passkey[];
  /** In how many browsers the person is logged in. */
  readonly sessions: number;
  readonly addPasskey?: (name: string) => AccountOutcome;
  readonly setPassword: (password: string) => AccountOutcome;
  load(): AccountOutcome;
}

export interface LocalPerson {
  readonly id: string;
  readonly name: string;
  readonly operator: boolean;
  readonly disabled: boolean;
  /** Whether the set-up link was used. */
  readonly ready: boolean;
  readonly made: Date;
  /** What concerns the own account is refused: 'forbidden'. */
  readonly disable?: () => AccountOutcome;
  readonly enable?: () => AccountOutcome;
  readonly remove?: () => AccountOutcome;
  /** Makes a new set-up link, which stands in `newest` then. */
  readonly renew?: () => AccountOutcome;
}

export interface LocalPeople {
  readonly list: readonly LocalPerson[];
  /** The set-up link made last, told this one time. */
  readonly newest: { readonly name: string; readonly link: string } | undefined;
  add(name: string, operator: boolean): AccountOutcome;
  load(): AccountOutcome;
}
