import type { Route, View } from './model';
import { canonicalRoomName, generateRoomName } from './room-name';

/** What a path names: the home page, or a meeting. */
export function viewOf(path: string): View {
  const segments = path.split('/').filter((segment) => segment !== '');
  const [room] = segments;
  if (!room || segments.length > 1 || room === '-') return { name: 'home' };
  try {
    return { name: 'meeting', room: canonicalRoomName(decodeURIComponent(room)) };
  } catch {
    return { name: 'home' };
  }
}

/** The page's address, kept in the browser's history. */
export class PageRoute implements Route {
  current = $state.raw<View>({ name: 'home' });
  readonly #changed: (view: View) => void;

  constructor(changed: (view: View) => void) {
    this.#changed = changed;
    this.current = viewOf(location.pathname);
    addEventListener('popstate', () => this.#follow());
  }

  go(path: string): void {
    history.pushState(null, '', path);
    this.#follow();
  }

  start(): void {
    this.go(`/${generateRoomName()}`);
  }

  #follow(): void {
    this.current = viewOf(location.pathname);
    this.#changed(this.current);
  }
}
