import type { Pictures, Shown, Tile } from '../../call/model';
import type { Size } from '../../layout/rectangle';
import type { Place } from '../../layout/scene';

/** How high pictures may be where they are to be small, in pixels: faces, and screens that have to be read. */
const smallFace = 180;
const smallScreen = 540;

/** What is on the page of others, how large, and how much it matters; speaker is the tile of who spoke last. */
export function shownItems(
  tiles: readonly Tile[],
  places: readonly Place[],
  pinned: string | undefined,
  speaker: string | undefined,
  zoomed: ReadonlyMap<string, Size>,
  pictures: Pictures = 'all',
): Shown[] {
  if (pictures === 'none') return [];
  const byId = new Map(tiles.map((tile) => [tile.id, tile]));
  return places.flatMap(({ id, role, rectangle }): Shown[] => {
    const tile = byId.get(id);
    if (!tile || tile.self) return [];
    const { width, height } = bounded(zoomed.get(id) ?? rectangle, tile);
    return [{ tileId: id, width: Math.round(width), height: Math.round(height), priority: priority(tile) }];

    function bounded(size: Size, { kind }: Tile): Size {
      if (pictures === 'all') return size;
      const scale = Math.min(1, (kind === 'screen' ? smallScreen : smallFace) / size.height);
      return { width: size.width * scale, height: size.height * scale };
    }

    function priority(tile: Tile): Shown['priority'] {
      if (role === 'stage' && (tile.kind === 'screen' || id === pinned)) return 'stage';
      return role === 'stage' || id === speaker ? 'speaker' : 'tile';
    }
  });
}
