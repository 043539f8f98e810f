import type { Entrance } from '../signal/session';

/** What survives a reload of the page; the password is asked for again. */
export interface Kept extends Pick<Entrance, 'invite' | 'token' | 'knock'> {
  /** The server that the link was made for, as long as it isn't this one and nobody agreed to that. */
  elsewhere?: string;
}

const fields = ['invite', 'token', 'knock', 'elsewhere'] as const;

/**
 * What lets somebody into one room, kept in this tab as long as it is open, so that a reload loses neither the link
 * nor the place in the waiting room.
 */
export class KeptEntrance {
  readonly #key: string;
  readonly #storage: Storage | undefined;
  #kept: Kept = {};

  constructor(room: string, storage: () => Storage = () => sessionStorage) {
    this.#key = `stube.entrance ${room}`;
    try {
      this.#storage = storage();
      this.#kept = parse(this.#storage.getItem(this.#key));
    } catch {
      // A browser may forbid even the question: it is kept until the reload.
    }
  }

  get value(): Kept {
    return this.#kept;
  }

  /** Changes single values; undefined forgets one. */
  set(change: { [Field in keyof Kept]?: string | undefined }): void {
    const all = { ...this.#kept, ...change };
    this.#kept = Object.fromEntries(Object.entries(all).filter(([, value]) => value !== undefined));
    try {
      if (Object.keys(this.#kept).length === 0) this.#storage?.removeItem(this.#key);
      else this.#storage?.setItem(this.#key, JSON.stringify(this.#kept));
    } catch {
      // As above.
    }
  }
}

function parse(text: string | null): Kept {
  const kept: unknown = JSON.parse(text ?? '{}');
  if (typeof kept !== 'object' || kept === null) return {};
  const entries = fields.map((field) => [field, (kept as Record<string, unknown>)[field]]);
  return Object.fromEntries(entries.filter(([, value]) => typeof value === 'string'));
}
