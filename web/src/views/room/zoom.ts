import type { Size } from '../../layout/rectangle';

const STEP = 1.25;
const LARGEST = 4;

interface Point {
  x: number;
  y: number;
}

/** The scale at which the whole picture fits its place. */
export function fitScale(picture: Size, place: Size): number {
  return Math.min(place.width / picture.width, place.height / picture.height);
}

/** The next scale up or down. */
export function nextScale(scale: number, direction: 1 | -1): number {
  return Math.min(LARGEST, scale * (direction === 1 ? STEP : 1 / STEP));
}

/** Where to scroll so that what stood under a point stands there still after the sheet changed its size. */
export function scrollAbout(
  point: Point,
  scroll: Point,
  before: Size,
  after: Size,
  view: { clientWidth: number; clientHeight: number },
): Point {
  const x = ((scroll.x + point.x) / before.width) * after.width - point.x;
  const y = ((scroll.y + point.y) / before.height) * after.height - point.y;
  return {
    x: Math.max(0, Math.min(x, after.width - view.clientWidth)),
    y: Math.max(0, Math.min(y, after.height - view.clientHeight)),
  };
}
