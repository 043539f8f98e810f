// Generated from Go by internal/signal/protocol/tsgen; do not edit.

/** runes */
export const maxName = 64;

/** Method is a method's name. */
export type Method =
  | "ask"
  /** nobody answers */
  | "tell";

/** Requests has one field a method. */
export interface Requests {
  "ask": { params: Ask; result: Empty };
}

/** Notifications has one field a method. */
export interface Notifications {
  "tell": Point;
}

/**
 * Ask asks. It ends no comment with *\/ too early.
 *
 * It has two paragraphs.
 */
export interface Ask {
  /**
   * Name is above.
   *
   * and behind
   */
  name: string;
  count?: number;
  at?: Point;
  path: Point[];
  extra?: Record<string, unknown>;
  rates: Record<string, number>;
  on: boolean;
  id: ID;
}

/** ID is a name for a plain type. */
export type ID = string;

/** Empty has nothing. */
export type Empty = Record<string, never>;

/** Point is wanted, because sample refers to it. */
export interface Point {
  x: number;
}
