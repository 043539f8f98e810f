import { describe, expect, it } from 'vitest';
import { parsePreferences, preferredLanguage, savesData } from './preferences.svelte';

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

it('sees that the browser is to save data', () => {
  expect(savesData({ connection: { saveData: true } })).toBe(true);
  expect(savesData({ connection: {} })).toBe(false);
  expect(savesData({})).toBe(false);
});
