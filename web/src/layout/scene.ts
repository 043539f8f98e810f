import type { Rectangle } from './rectangle';

/** What the layout needs to know of a tile. */
export interface SceneTile {
  id: string;
  kind: 'camera' | 'screen';
  self: boolean;
  /** Whether it belongs to who speaks most. */
  dominant: boolean;
  /** Width by height of the picture, when known. */
  aspect?: number | undefined;
}

/** Everything that decides where tiles stand. */
export interface Scene {
  /** In the order of joining. */
  tiles: readonly SceneTile[];
  layout: 'grid' | 'speaker';
  pinned: string | undefined;
  /** The tile of who spoke last; keeps the stage while nobody speaks. */
  speaker: string | undefined;
  /** Where tiles may stand. */
  area: Rectangle;
  /** A free place beside the toolbar, for the own picture. */
  corner: Rectangle | undefined;
  /** The page of the grid to show when not all fit; from 0. */
  page: number;
}

/** What a place is for: 'self' is the small own picture in the corner. */
export type Role = 'tile' | 'stage' | 'strip' | 'self';

export interface Place {
  id: string;
  role: Role;
  rectangle: Rectangle;
}

/** Where everything stands. Tiles without a place cannot be seen. */
export interface Arrangement {
  places: Place[];
  /** The page shown, and how many there are. */
  page: number;
  pages: number;
  /** Tiles that the strip has no room for, and the place that tells so. */
  hidden: string[];
  more: Rectangle | undefined;
}

/** Which tile has the stage: the pinned one, else the newest screen of somebody else, else in the speaker view who speaks. */
export function stageTile({ tiles, layout, pinned, speaker }: Scene): SceneTile | undefined {
  const chosen = tiles.find((tile) => tile.id === pinned);
  if (chosen) return chosen;
  const screen = tiles.findLast((tile) => tile.kind === 'screen' && !tile.self);
  if (screen) return screen;
  if (layout !== 'speaker') return undefined;
  const others = tiles.filter((tile) => tile.kind === 'camera' && !tile.self);
  return others.find((tile) => tile.dominant) ?? others.find((tile) => tile.id === speaker) ?? others[0];
}
