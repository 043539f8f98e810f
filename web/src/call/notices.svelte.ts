import type { Notice, NoticeKind } from './model';

/** How long a notice stays, and how long further people are counted into it, in ms. */
const lifetime = 6_000;
const actionLifetime = 15_000;
/** What somebody asks for waits longer for an answer, in ms. */
const askedLifetime = 60_000;
const batchTime = 4_000;
/** How many names are told; of the others only the number. */
const namesTold = 3;

interface Timed {
  made: number;
  timer: ReturnType<typeof setTimeout> | undefined;
}

/** What happened lately, for the person to read. It owns the timers that take the lines away. */
export class Notices {
  list = $state.raw<Notice[]>([]);
  readonly #timed = new Map<number, Timed>();
  #lastId = 0;

  /** Tells what happened to people; many at once become one line. */
  people(kind: NoticeKind, names: string[]): void {
    if (names.length === 0) return;
    const open = this.list.find((notice) => notice.kind === kind);
    const made = open && this.#timed.get(open.id)?.made;
    if (open && made !== undefined && Date.now() - made < batchTime) {
      const all = [...open.names, ...names].slice(0, namesTold);
      this.#replace({ ...open, names: all, count: open.count + names.length });
    } else {
      this.#add({ kind, names: names.slice(0, namesTold), count: names.length });
    }
  }

  /** Tells what happened; a line of the same kind and device goes away. */
  tell(kind: NoticeKind, details: Partial<Omit<Notice, 'id' | 'kind'>> = {}): void {
    this.withdraw(kind, details.device);
    const action = details.action;
    this.#add({
      kind,
      names: [],
      count: 0,
      ...details,
      ...(action && { action: this.#onceDone(kind, action) }),
    });
  }

  /** Takes lines of a kind away, which no longer hold. */
  withdraw(kind: NoticeKind, device?: string): void {
    for (const notice of this.list) {
      if (notice.kind === kind && (device === undefined || notice.device === device)) this.dismiss(notice.id);
    }
  }

  dismiss(id: number): void {
    clearTimeout(this.#timed.get(id)?.timer);
    this.#timed.delete(id);
    this.list = this.list.filter((notice) => notice.id !== id);
  }

  clear(): void {
    for (const notice of this.list) this.dismiss(notice.id);
  }

  #onceDone(kind: NoticeKind, action: () => void): () => void {
    return () => {
      this.withdraw(kind);
      action();
    };
  }

  #add(notice: Omit<Notice, 'id'>): void {
    const id = ++this.#lastId;
    const life = lifetimeOf(notice);
    const stays = notice.kind === 'sound-blocked' || notice.kind === 'media-lost';
    const timer = stays ? undefined : setTimeout(() => this.dismiss(id), life);
    this.#timed.set(id, { made: Date.now(), timer });
    this.list = [...this.list, { id, ...notice }];
  }

  #replace(notice: Notice): void {
    this.list = this.list.map((other) => (other.id === notice.id ? notice : other));
  }
}

function lifetimeOf({ kind, action }: Omit<Notice, 'id'>): number {
  if (kind === 'asked-microphone' || kind === 'asked-camera') return askedLifetime;
  return action ? actionLifetime : lifetime;
}
