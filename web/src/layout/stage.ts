import { centre, fitInside, snap, type AspectRange, type Rectangle } from './rectangle';

/** A surface divided into a stage and the strip beside or below it. */
export interface Division {
  stage: Rectangle;
  /** Room for the other tiles; undefined when there are none. */
  strip: Rectangle | undefined;
}

const GAP = 8;
const SIDE = { share: 0.16, min: 112, max: 224 };
const BELOW = { share: 0.17, min: 68, max: 136 };

function thickness(length: number, rule: typeof SIDE): number {
  return Math.min(rule.max, Math.max(rule.min, length * rule.share));
}

/** The strip to the right; what a tall stage leaves free falls to the strip, at the most as much as the stage has. */
function beside(area: Rectangle, aspect: AspectRange): Division {
  const least = thickness(area.width, SIDE);
  const room = { ...area, width: area.width - least - GAP };
  const size = fitInside(room, aspect);
  const free = area.width - size.width - GAP;
  const strip = Math.max(least, Math.min(free, size.width, SIDE.max * 2));
  const rest = { ...area, width: area.width - strip - GAP };
  return {
    stage: snap(centre(size, rest)),
    strip: snap({ x: area.x + area.width - strip, y: area.y, width: strip, height: area.height }),
  };
}

/** The strip below; what a wide stage leaves free falls to the strip. */
function below(area: Rectangle, aspect: AspectRange): Division {
  const least = thickness(area.height, BELOW);
  const size = fitInside({ ...area, height: area.height - least - GAP }, aspect);
  const free = area.height - size.height - GAP;
  const portrait = area.height > area.width;
  const strip = portrait ? Math.max(least, free) : least;
  const rest = { ...area, height: area.height - strip - GAP };
  return {
    stage: snap(centre(size, rest)),
    strip: snap({ x: area.x, y: area.y + area.height - strip, width: area.width, height: strip }),
  };
}

/** Divides the area so that the stage becomes as large as it can be with a strip for others. */
export function divide(area: Rectangle, aspect: AspectRange, others: number): Division {
  if (others === 0) return { stage: snap(centre(fitInside(area, aspect), area)), strip: undefined };
  const right = beside(area, aspect);
  const under = below(area, aspect);
  const size = ({ stage }: Division) => stage.width * stage.height;
  return size(right) >= size(under) ? right : under;
}
