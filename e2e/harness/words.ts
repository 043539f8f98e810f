import { readFileSync } from 'node:fs';

export type Locale = 'en' | 'de';

/** The page's words in a language, by their keys; where a text depends on a count, that for one. */
export function wordsIn(locale: Locale): (key: string, values?: Record<string, string>) => string {
  const file = new URL(`../../web/messages/${locale}.json`, import.meta.url);
  const messages = JSON.parse(readFileSync(file, 'utf8')) as Record<string, string | [Variants]>;
  return (key, values = {}) => {
    const message = messages[key];
    const text = typeof message === 'string' ? message : message?.[0].match['form=one'];
    if (text === undefined) throw new Error(`there is no message ${key}`);
    return text.replace(/\{(\w+)\}/g, (_, name: string) => values[name] ?? '1');
  };
}

interface Variants {
  match: Record<string, string>;
}
