import { grid, gridCapacity, type GridRules } from './grid';
import { fitInside, PORTRAIT, snap, WIDE, type AspectRange, type Rectangle } from './rectangle';
import { stageTile, type Arrangement, type Place, type Scene, type SceneTile } from './scene';
import { divide } from './stage';

const GAP = 8;
const MOST = 49;
/** What the way to other pages takes below the tiles. */
const PAGER = 52;
const WIDE_ONLY: AspectRange = { min: WIDE, max: WIDE };
const FLEXIBLE: AspectRange = { min: PORTRAIT, max: WIDE };
const SELF = { share: 0.16, min: 112, max: 240 };

/** On an upright surface tiles may stand upright too. */
function cameraAspect(area: Rectangle): AspectRange {
  return area.height > area.width ? FLEXIBLE : WIDE_ONLY;
}

function stageAspect(tile: SceneTile, area: Rectangle): AspectRange {
  if (tile.kind === 'camera') return cameraAspect(area);
  const aspect = tile.aspect ?? WIDE;
  return { min: aspect, max: aspect };
}

/** A place at the bottom right of the bounds. */
function atCorner(bounds: Rectangle, width: number, aspect: number): Rectangle {
  const height = width / aspect;
  return snap({ x: bounds.x + bounds.width - width, y: bounds.y + bounds.height - height, width, height });
}

/**
 * The own picture beside the toolbar, where that leaves room, and the own screens to its left as far as they fit;
 * the picture is larger when there is only one other.
 */
function besideToolbar({ area, corner }: Scene, own: SceneTile[], one: boolean): Place[] {
  if (!corner) return [];
  const { width: room } = fitInside(corner, WIDE_ONLY);
  const widths = own.map(({ kind }) =>
    one && kind === 'camera'
      ? Math.min(SELF.max, corner.width, Math.max(room, area.width * SELF.share))
      : room,
  );
  const places: Place[] = [];
  let free = corner.width;
  for (const [index, { id }] of own.entries()) {
    const width = widths[index] ?? room;
    if (width < SELF.min || (index > 0 && width > free)) break;
    places.push({ id, role: 'self', rectangle: atCorner({ ...corner, width: free }, width, WIDE) });
    free -= width + GAP;
  }
  return places;
}

/** The own picture over the corner of the tiles, as long as these are few and large. */
function overTiles({ area }: Scene, camera: SceneTile | undefined, others: number): Place[] {
  if (!camera || others > 2) return [];
  const inset = { ...area, width: area.width - GAP, height: area.height - GAP };
  const rectangle =
    area.height > area.width
      ? atCorner(inset, Math.max(88, area.width * 0.25), PORTRAIT)
      : atCorner(inset, Math.max(SELF.min, area.width * SELF.share), WIDE);
  return [{ id: camera.id, role: 'self', rectangle }];
}

/** What one shows oneself, the camera first. */
function ownTiles(tiles: readonly SceneTile[]): SceneTile[] {
  const own = tiles.filter((tile) => tile.self);
  return [...own.filter(({ kind }) => kind === 'camera'), ...own.filter(({ kind }) => kind === 'screen')];
}

/** Takes the first tiles that fit, and who speaks in any case. */
function firstVisible(tiles: SceneTile[], room: number): SceneTile[] {
  const visible = tiles.slice(0, room);
  const speaker = tiles.find((tile) => tile.dominant);
  if (speaker && !visible.includes(speaker)) visible[room - 1] = speaker;
  return visible;
}

function withStage(scene: Scene, stage: SceneTile): Arrangement {
  const { area } = scene;
  const rest = scene.tiles.filter((tile) => tile !== stage);
  const own = ownTiles(rest);
  const aside = besideToolbar(scene, own, false);
  const others = rest.filter((tile) => !tile.self);
  const screens = others.filter((tile) => tile.kind === 'screen');
  const cameras = others.filter((tile) => tile.kind === 'camera');
  const strip = [...own.slice(aside.length), ...screens, ...cameras];
  const division = divide(area, stageAspect(stage, area), strip.length);
  const places: Place[] = [{ id: stage.id, role: 'stage', rectangle: division.stage }];
  const arrangement: Arrangement = { places, page: 0, pages: 1, hidden: [], more: undefined };
  if (division.strip) {
    const { width, height } = division.strip;
    const minWidth = Math.min(area.height > area.width ? 104 : 128, width, height * WIDE);
    const rules: GridRules = { gap: GAP, aspect: WIDE_ONLY, minWidth, most: MOST, maxWidth: 240 };
    const capacity = gridCapacity(division.strip, rules);
    const all = strip.length <= capacity;
    const visible = all ? strip : firstVisible(strip, Math.max(1, capacity - 1));
    const cells = grid(all ? visible.length : visible.length + 1, division.strip, rules);
    visible.forEach((tile, index) => {
      const rectangle = cells[index];
      if (rectangle) places.push({ id: tile.id, role: 'strip', rectangle });
    });
    arrangement.hidden = strip.filter((tile) => !visible.includes(tile)).map((tile) => tile.id);
    if (!all) arrangement.more = cells.at(-1);
  }
  places.push(...aside);
  return arrangement;
}

function asGrid(scene: Scene): Arrangement {
  const own = ownTiles(scene.tiles);
  const others = scene.tiles.filter((tile) => !tile.self);
  const aside = others.length > 0 ? besideToolbar(scene, own, others.length === 1) : [];
  if (others.length > 0 && aside.length === 0) {
    const camera = own.find(({ kind }) => kind === 'camera');
    aside.push(...overTiles(scene, camera, others.length + own.length - 1));
  }
  const shown = [...others, ...own.slice(aside.length)];
  const rules: GridRules = { gap: GAP, aspect: cameraAspect(scene.area), minWidth: 108, most: MOST };
  const fits = shown.length <= gridCapacity(scene.area, rules);
  const area = fits ? scene.area : { ...scene.area, height: Math.max(1, scene.area.height - PAGER) };
  const pages = fits ? 1 : Math.ceil(shown.length / gridCapacity(area, rules));
  const page = Math.min(Math.max(0, scene.page), pages - 1);
  const each = Math.ceil(shown.length / pages);
  const visible = shown.slice(page * each, (page + 1) * each);
  // A short last page keeps the size of the others.
  const cells = grid(pages > 1 ? each : visible.length, area, rules);
  const places = visible.flatMap((tile, index): Place[] => {
    const rectangle = cells[index];
    return rectangle ? [{ id: tile.id, role: 'tile', rectangle }] : [];
  });
  places.push(...aside);
  return { places, page, pages, hidden: [], more: undefined };
}

/** Decides where every tile stands. */
export function arrange(scene: Scene): Arrangement {
  if (scene.area.width < 1 || scene.area.height < 1) {
    return { places: [], page: 0, pages: 1, hidden: [], more: undefined };
  }
  const stage = stageTile(scene);
  return stage ? withStage(scene, stage) : asGrid(scene);
}
