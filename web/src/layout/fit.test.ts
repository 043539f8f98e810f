import { expect, test } from 'vitest';
import { fitPicture } from './fit';

const wide = 16 / 9;

test.each([
  ['a wide camera fills a wide tile', 16 / 9, wide, 'cover'],
  ['an old camera fills a wide tile', 4 / 3, wide, 'cover'],
  ['an upright phone stays whole in a wide tile', 9 / 16, wide, 'contain'],
  ['a square stays whole in a wide tile', 1, wide, 'contain'],
  ['a wide camera fills an upright tile', 16 / 9, 3 / 4, 'cover'],
  ['an upright phone fills an upright tile', 9 / 16, 3 / 4, 'cover'],
  ['a very wide picture stays whole in an upright tile', 21 / 9, 3 / 4, 'contain'],
])('%s', (_, picture, tile, expected) => expect(fitPicture(picture, tile)).toBe(expected));
