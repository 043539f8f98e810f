/** How a picture fills its tile: cropped to it, or whole with margins. */
export type Fit = 'cover' | 'contain';

/** Of a tall picture in a wide tile at least this much of its height stays: less would be a slit without a head. */
const LEAST_HEIGHT = 0.7;
/** Of a wide picture in a tall tile this much of its width is enough: a face sits in the middle. */
const LEAST_WIDTH = 0.4;

/** Chooses how a camera picture fills its tile; both are width divided by height. */
export function fitPicture(picture: number, tile: number): Fit {
  if (picture < tile) return picture / tile >= LEAST_HEIGHT ? 'cover' : 'contain';
  return tile / picture >= LEAST_WIDTH ? 'cover' : 'contain';
}
