import type { Language } from '../call/model';

/** A time of day, such as "14:05". */
export function clockTime(at: Date, language: string): string {
  return new Intl.DateTimeFormat(language, { hour: 'numeric', minute: '2-digit' }).format(at);
}

/** A day with its time of day, such as "Monday, 3 March at 14:05", and its year where that is another one. */
export function dayAndTime(at: Date, language: string, now = new Date()): string {
  return new Intl.DateTimeFormat(language, {
    weekday: 'long',
    day: 'numeric',
    month: 'long',
    year: at.getFullYear() === now.getFullYear() ? undefined : 'numeric',
    hour: 'numeric',
    minute: '2-digit',
  }).format(at);
}

/** A day, such as "3 March 2027". */
export function day(at: Date, language: Language): string {
  return new Intl.DateTimeFormat(language, { dateStyle: 'long' }).format(at);
}

/** The value of a datetime-local input for a time in ms; empty for none. */
export function toInput(at: number | undefined): string {
  if (!at) return '';
  const date = new Date(at);
  return new Date(at - date.getTimezoneOffset() * 60_000).toISOString().slice(0, 16);
}

/** The time in ms that a datetime-local input holds; undefined when it is empty. */
export function fromInput(value: string): number | undefined {
  const at = new Date(value).getTime();
  return Number.isNaN(at) ? undefined : at;
}
