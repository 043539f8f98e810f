import type { Route, View } from './model';
import { canonicalRoomName, generateRoomName } from './room-name';
import { takeSecrets, type AddressSecrets } from './secrets';

/** The program's own pages, under /-/. */
const ownPages: Record<string, View> = {
  setup: { name: 'setup' },
  login: { name: 'log-in' },
  account: { name: 'account' },
  privacy: { name: 'privacy' },
};

/** What a path names: the home page, a page of the program, or a meeting. */
export function viewOf(path: string): View {
  const segments = path.split('/').filter((segment) => segment !== '');
  const [room, page] = segments;
  if (room === '-' && page && segments.length === 2 && Object.hasOwn(ownPages, page)) {
    return ownPages[page] ?? { name: 'missing' };
  }
  if (!room) return { name: 'home' };
  if (segments.length > 1 || room === '-') return { name: 'missing' };
  try {
    const name = canonicalRoomName(decodeURIComponent(room));
    return name === '' ? { name: 'missing' } : { name: 'meeting', room: name };
  } catch {
    return { name: 'missing' };
  }
}

/** The page's address, kept in the browser's history. Secrets in it are handed on, and taken out. */
export class PageRoute implements Route {
  current = $state.raw<View>({ name: 'home' });
  readonly #changed: (view: View, secrets: AddressSecrets) => void;

  constructor(changed: (view: View, secrets: AddressSecrets) => void) {
    this.#changed = changed;
    this.current = viewOf(location.pathname);
    addEventListener('popstate', () => this.follow());
  }

  go(path: string): void {
    history.pushState(null, '', path);
    this.follow();
  }

  start(): void {
    this.go(`/${generateRoomName()}`);
  }

  /** Opens what the address names. */
  follow(): void {
    const secrets = takeSecrets();
    this.current = viewOf(location.pathname);
    this.#changed(this.current, secrets);
  }
}
