/** The shapes of docs/api.md: what the page and the server say to each other about logging in, by HTTP. */

export type AccountErrorCode =
  | 'invalid_request'
  | 'too_large'
  | 'rate_limited'
  | 'foreign_origin'
  | 'insecure'
  | 'not_signed_in'
  | 'not_recent'
  | 'forbidden'
  | 'not_found'
  | 'wrong_credentials'
  | 'expired'
  | 'link_ended'
  | 'invalid_name'
  | 'name_taken'
  | 'weak_password'
  | 'no_passkeys'
  | 'too_many_passkeys'
  | 'last_way_in'
  | 'provider_unavailable'
  | 'provider_failed'
  | 'cancelled'
  | 'internal';

/** The words that can stand in the address after a provider sent the browser back. */
export const arrivalErrors: ReadonlySet<string> = new Set<AccountErrorCode>([
  'expired',
  'cancelled',
  'provider_unavailable',
  'provider_failed',
  'forbidden',
  'rate_limited',
  'not_found',
  'invalid_request',
  'internal',
]);

export interface SessionAnswer {
  identity?: {
    account: string;
    name: string;
    provider: string;
    providerName: string;
    operator: boolean;
    recent: boolean;
  };
  create: 'signed-in' | 'allowed' | 'anyone';
  mayCreate: boolean;
  local: boolean;
  passkeys: boolean;
  providers: { key: string; name: string }[];
}

export interface AccountAnswer {
  name: string;
  password: boolean;
  passkeys: { id: string; name: string; made: number }[];
  sessions: number;
}

export interface PersonAnswer {
  id: string;
  name: string;
  operator: boolean;
  disabled: boolean;
  ready: boolean;
  made: number;
}

export interface PeopleAnswer {
  people: PersonAnswer[];
}

interface Ceremony<Options> {
  options: Options;
}
type Creation = Ceremony<PublicKeyCredentialCreationOptionsJSON>;
type Empty = Record<string, never>;

/** What is posted to each path below /-/api/v1/, and what is answered. */
export interface Posts {
  'session/password': { body: { name: string; password: string }; answer: SessionAnswer };
  'session/passkey': { body: Empty; answer: Ceremony<PublicKeyCredentialRequestOptionsJSON> };
  'session/passkey/finish': { body: { credential: unknown }; answer: SessionAnswer };
  'session/provider': { body: { provider: string; return?: string }; answer: { address: string } };
  'session/end': { body: { everywhere?: boolean }; answer: SessionAnswer };
  setup: { body: { secret: string }; answer: { first: boolean; name?: string } };
  'setup/password': { body: { secret: string; name?: string; password: string }; answer: SessionAnswer };
  'setup/passkey': { body: { secret: string; name?: string }; answer: Creation };
  'setup/passkey/finish': { body: { secret: string; credential: unknown }; answer: SessionAnswer };
  'account/password': { body: { password: string }; answer: AccountAnswer };
  'account/passkey': { body: Empty; answer: Creation };
  'account/passkey/finish': { body: { credential: unknown; name: string }; answer: AccountAnswer };
  'account/passkey/remove': { body: { id: string }; answer: AccountAnswer };
  'people/add': {
    body: { name: string; operator?: boolean };
    answer: { person: PersonAnswer; setup: string };
  };
  'people/link': { body: { id: string }; answer: { person: PersonAnswer; setup: string } };
  'people/disable': { body: { id: string }; answer: PeopleAnswer };
  'people/enable': { body: { id: string }; answer: PeopleAnswer };
  'people/remove': { body: { id: string }; answer: PeopleAnswer };
}

/** What is read by GET. */
export interface Reads {
  session: SessionAnswer;
  account: AccountAnswer;
  people: PeopleAnswer;
}
