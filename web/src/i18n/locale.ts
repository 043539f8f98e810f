import type { Language, Preferences } from '../call/model';
import { overwriteGetLocale } from './paraglide/runtime.js';

/** The languages of the page, each in its own words. */
export const languages: readonly { id: Language; name: string }[] = [
  { id: 'de', name: 'Deutsch' },
  { id: 'en', name: 'English' },
];

/** Makes every message speak the language of the preferences, at once when it changes. */
export function followLanguage(preferences: Pick<Preferences, 'language'>): void {
  overwriteGetLocale(() => preferences.language);
}

/** Names as a list in a language, such as "Ada, Ben, and Cleo". */
export function joinNames(names: readonly string[], language: Language): string {
  return new Intl.ListFormat(language, { type: 'conjunction' }).format(names);
}
