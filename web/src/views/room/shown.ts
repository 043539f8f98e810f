import type { Shown, Tile } from '../../call/model';
import type { Size } from '../../layout/rectangle';
import type { Place } from '../../layout/scene';

/** What is on the page of others, how large, and how much it matters; speaker is the tile of who spoke last. */
export function shownItems(
  tiles: readonly Tile[],
  places: readonly Place[],
  pinned: string | undefined,
  speaker: string | undefined,
  zoomed: ReadonlyMap<string, Size>,
): Shown[] {
  const byId = new Map(tiles.map((tile) => [tile.id, tile]));
  return places.flatMap(({ id, role, rectangle }): Shown[] => {
    const tile = byId.get(id);
    if (!tile || tile.self) return [];
    const { width, height } = zoomed.get(id) ?? rectangle;
    return [{ tileId: id, width: Math.round(width), height: Math.round(height), priority: priority(tile) }];

    function priority(tile: Tile): Shown['priority'] {
      if (role === 'stage' && (tile.kind === 'screen' || id === pinned)) return 'stage';
      return role === 'stage' || id === speaker ? 'speaker' : 'tile';
    }
  });
}
