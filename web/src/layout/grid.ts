import { fitInside, snap, WIDE, type AspectRange, type Rectangle, type Size } from './rectangle';

/** How tiles stand in a grid. */
export interface GridRules {
  /** Space between tiles. */
  gap: number;
  /** Shapes a tile may take. */
  aspect: AspectRange;
  /** The width under which a wide tile is too small to make out a face. */
  minWidth: number;
  /** No more tiles than this at once. */
  most: number;
  /** Tiles do not grow wider than this. */
  maxWidth?: number;
}

interface Cells {
  columns: number;
  rows: number;
  tile: Size;
}

/** The number of columns that gives the largest tiles. Among equals the one with fewer empty cells. */
function bestCells(count: number, area: Size, rules: GridRules): Cells {
  let best: Cells | undefined;
  for (let columns = 1; columns <= count; columns++) {
    const rows = Math.ceil(count / columns);
    const cell = {
      width: Math.max(1, (area.width - rules.gap * (columns - 1)) / columns),
      height: Math.max(1, (area.height - rules.gap * (rows - 1)) / rows),
    };
    if (rules.maxWidth !== undefined) cell.width = Math.min(cell.width, rules.maxWidth);
    const tile = fitInside(cell, rules.aspect);
    if (best === undefined || tile.width * tile.height > best.tile.width * best.tile.height + 1) {
      best = { columns, rows, tile };
    }
  }
  return best ?? { columns: 1, rows: 1, tile: area };
}

/** How many tiles the area holds before they become too small; at least one. */
export function gridCapacity(area: Size, rules: GridRules): number {
  const least = (rules.minWidth * rules.minWidth) / WIDE;
  for (let count = rules.most; count > 1; count--) {
    const { tile } = bestCells(count, area, rules);
    if (tile.width * tile.height >= least) return count;
  }
  return 1;
}

/** The places of count tiles in reading order: as large as the area allows, a short last row in the middle. */
export function grid(count: number, area: Rectangle, rules: GridRules): Rectangle[] {
  if (count <= 0) return [];
  const { columns, rows, tile } = bestCells(count, area, rules);
  const top = area.y + (area.height - rows * tile.height - (rows - 1) * rules.gap) / 2;
  return Array.from({ length: count }, (_, index) => {
    const row = Math.floor(index / columns);
    const inRow = row === rows - 1 ? count - row * columns : columns;
    const left = area.x + (area.width - inRow * tile.width - (inRow - 1) * rules.gap) / 2;
    return snap({
      x: left + (index % columns) * (tile.width + rules.gap),
      y: top + row * (tile.height + rules.gap),
      ...tile,
    });
  });
}
