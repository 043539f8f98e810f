import { readArrival, type Arrival } from '../account/arrival';

/** What an address carries beside its path, which never goes to the server in a request for a page. */
export interface AddressSecrets {
  /** Of an invitation. */
  invite?: string;
  /** The server that the invitation was made for: a host as in `location.host`. */
  server?: string;
  /** Of another system, a JWT. */
  token?: string;
  /** Of a set-up link: the fragment as a whole. */
  setup?: string;
  /** The address has a secret, but not all of it. */
  malformed?: boolean;
  /** No secret, but nobody's to read. */
  arrival?: Arrival;
}

/** As the server makes them: an invitation's 130 bits in base32, three parts of a JWT, a set-up link's in base64. */
const inviteForm = /^[a-z2-7]{26}$/;
/** A host with or without a port, as browsers write it: in lower case, other scripts as Punycode. */
const serverForm = /^(?:[a-z\d_.-]{1,253}|\[[\da-f:.]{2,45}\])(?::\d{1,5})?$/;
const tokenForm = /^[\w-]+\.[\w-]+\.[\w-]+$/;
const setupForm = /^[\w-]{43}$/;
const longestToken = 4096;

/**
 * Reads the secrets of an address. Anything else that stands there is passed over: no link can change what the page
 * does or shows (criterion 23). Other systems may give their token in the query, as with Jitsi.
 */
export function readSecrets(address: { hash: string; search: string }): AddressSecrets {
  const fragment = address.hash.replace(/^#/, '');
  const values = new URLSearchParams(fragment);
  const secrets: AddressSecrets = {};
  if (setupForm.test(fragment)) secrets.setup = fragment;
  const invite = values.get('invite');
  if (invite !== null) {
    const server = values.get('server');
    if (!inviteForm.test(invite) || (server !== null && !serverForm.test(server))) secrets.malformed = true;
    else {
      secrets.invite = invite;
      if (server !== null) secrets.server = server;
    }
  }
  const arrival = readArrival(values);
  if (arrival) secrets.arrival = arrival;
  const token = values.get('jwt') ?? new URLSearchParams(address.search).get('jwt');
  if (token !== null) {
    if (tokenForm.test(token) && token.length <= longestToken) secrets.token = token;
    else secrets.malformed = true;
  }
  return secrets;
}

/** Reads the secrets of the page's address and takes them out of it, so that no history and no screenshot has them. */
export function takeSecrets(): AddressSecrets {
  const secrets = readSecrets(location);
  if (location.href.includes('#') || new URLSearchParams(location.search).has('jwt')) {
    history.replaceState(history.state, '', location.pathname);
  }
  return secrets;
}
