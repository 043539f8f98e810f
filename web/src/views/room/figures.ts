import { m } from '../../i18n/paraglide/messages.js';
import { megabits } from '../way';

/** A rate in bit/s. */
export function rateWords(rate: number, language: string): string {
  if (rate >= 1_000_000) return m.rate({ rate: megabits(rate, language) });
  return m.rate_small({ rate: Math.round(rate / 1_000) });
}

/** A time in ms. */
export function delayWords(time: number): string {
  return m.milliseconds({ count: Math.round(time) });
}

/** A share of 0 to 1 in percent. */
export function shareWords(share: number, language: string): string {
  return share.toLocaleString(language, { style: 'percent', maximumFractionDigits: 1 });
}
