/** A size in CSS pixels. */
export interface Size {
  width: number;
  height: number;
}

/** A place on the surface, in CSS pixels from its top left corner. */
export interface Rectangle extends Size {
  x: number;
  y: number;
}

/** The shapes a picture may take, as width divided by height. */
export interface AspectRange {
  min: number;
  max: number;
}

export const WIDE = 16 / 9;
export const PORTRAIT = 3 / 4;

/** The largest size within the bounds whose aspect lies in the range. */
export function fitInside(bounds: Size, aspect: AspectRange): Size {
  const own = bounds.width / bounds.height;
  if (own > aspect.max) return { width: bounds.height * aspect.max, height: bounds.height };
  if (own < aspect.min) return { width: bounds.width, height: bounds.width / aspect.min };
  return { width: bounds.width, height: bounds.height };
}

/** The rectangle of a size in the middle of an area. */
export function centre(size: Size, area: Rectangle): Rectangle {
  return {
    x: area.x + (area.width - size.width) / 2,
    y: area.y + (area.height - size.height) / 2,
    width: size.width,
    height: size.height,
  };
}

/** A rectangle on whole pixels, so that edges and text stay sharp. */
export function snap(rectangle: Rectangle): Rectangle {
  const x = Math.round(rectangle.x);
  const y = Math.round(rectangle.y);
  return { x, y, width: Math.floor(rectangle.width), height: Math.floor(rectangle.height) };
}
