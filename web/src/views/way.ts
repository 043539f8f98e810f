import type { Way } from '../media/trial';

/** What a connection is good for. */
export type Grade = 'sharp' | 'small' | 'sound';

/** The least of both directions in bit/s for sharp pictures, and for small ones. */
const sharp = 1_500_000;
const small = 350_000;
/** Beyond so long there and back, in ms, people talk at the same time. */
const slow = 400;

export function gradeOf({ up, down, roundTrip }: Way): Grade {
  const least = Math.min(up, down);
  if (least >= sharp && roundTrip < slow) return 'sharp';
  return least >= small ? 'small' : 'sound';
}

/** A rate in Mbit/s with one digit behind the point. */
export function megabits(rate: number, language: string): string {
  return (rate / 1_000_000).toLocaleString(language, { minimumFractionDigits: 1, maximumFractionDigits: 1 });
}
