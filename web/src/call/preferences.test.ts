import { afterEach, describe, expect, it, vi } from 'vitest';
import { isMetered, KeptPreferences, parsePreferences, preferredLanguage } from './preferences.svelte';

describe('preferredLanguage', () => {
  it.each([
    [['de-AT', 'en'], 'de'],
    [['fr', 'en-GB', 'de'], 'en'],
    [['fr'], 'en'],
    [[], 'en'],
  ])('%j', (languages, language) => {
    expect(preferredLanguage(languages)).toBe(language);
  });
});

describe('parsePreferences', () => {
  const defaults = {
    language: 'en' as const,
    theme: 'system' as const,
    name: '',
    mirror: true,
    pictures: 'all' as const,
    camera: '',
    microphone: '',
    speaker: '',
  };

  it('takes what was kept', () => {
    const text = JSON.stringify({ language: 'de', name: 'Ada', mirror: false });
    expect(parsePreferences(text, defaults)).toEqual({
      ...defaults,
      language: 'de',
      name: 'Ada',
      mirror: false,
    });
  });

  it.each([
    ['nothing', null],
    ['no JSON', '{'],
    ['no object', '7'],
    ['wrong types', '{"name":7,"mirror":"yes"}'],
    ['unknown words', '{"language":"xx","theme":"pink"}'],
    ['unknown keys', '{"admin":true}'],
  ])('leaves the defaults for %s', (_, text) => {
    expect(parsePreferences(text, defaults)).toEqual(defaults);
  });
});

it('sees that data costs money', () => {
  expect(isMetered({ connection: { saveData: true } })).toBe(true);
  expect(isMetered({ connection: { type: 'cellular' } })).toBe(true);
  expect(isMetered({ connection: { type: 'wifi', saveData: false } })).toBe(false);
  expect(isMetered({})).toBe(false);
});

describe('the size of pictures', () => {
  afterEach(() => vi.unstubAllGlobals());

  it('follows the connection until somebody chooses', () => {
    const connection = Object.assign(new EventTarget(), { type: 'wifi' });
    const kept = new Map<string, string>();
    vi.stubGlobal('navigator', { languages: ['en'], connection });
    vi.stubGlobal('localStorage', {
      getItem: (key: string) => kept.get(key) ?? null,
      setItem: (key: string, value: string) => kept.set(key, value),
    });
    const preferences = new KeptPreferences();
    preferences.name = 'Ada'; // what is kept of one thing doesn't fix the other
    expect([preferences.pictures, preferences.saving]).toEqual(['all', false]);
    connection.type = 'cellular';
    connection.dispatchEvent(new Event('change'));
    expect([preferences.pictures, preferences.saving]).toEqual(['small', true]);
    expect([new KeptPreferences().pictures, new KeptPreferences().name]).toEqual(['small', 'Ada']);
    preferences.pictures = 'all';
    expect([preferences.pictures, preferences.saving]).toEqual(['all', false]);
    expect(new KeptPreferences().pictures).toBe('all');
  });
});
