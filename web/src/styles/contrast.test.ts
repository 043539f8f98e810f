import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';

const css = readFileSync(new URL('tokens.css', import.meta.url), 'utf8');

/** The colour tokens of the block that a selector opens. */
function tokens(selector: string): Map<string, string> {
  const start = css.indexOf(selector);
  const block = css.slice(start, css.indexOf('}', start));
  return new Map(
    [...block.matchAll(/--([\w-]+): (#[0-9a-f]{6});/g)].map(([, name = '', value = '']) => [name, value]),
  );
}

/** Relative luminance, WCAG 2.2. */
function luminance(colour: string): number {
  const [red = 0, green = 0, blue = 0] = [1, 3, 5].map((at) => {
    const part = parseInt(colour.slice(at, at + 2), 16) / 255;
    return part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}

function contrast(one: string, other: string): number {
  const [dark = 0, light = 0] = [luminance(one), luminance(other)].sort((a, b) => a - b);
  return (light + 0.05) / (dark + 0.05);
}

/** The colour of a tint token at a hue, as #rrggbb (CSS Color 4, 7.1). */
function tint(name: string, hue: number): string {
  const [, s = '', l = ''] = new RegExp(`--${name}: hsl\\(var\\(--hue\\) (\\d+)% (\\d+)%\\)`).exec(css) ?? [];
  const lightness = Number(l) / 100;
  const chroma = (Number(s) / 100) * Math.min(lightness, 1 - lightness);
  const part = (n: number) => {
    const k = (n + hue / 30) % 12;
    const value = lightness - chroma * Math.max(-1, Math.min(k - 3, 9 - k, 1));
    return Math.round(value * 255)
      .toString(16)
      .padStart(2, '0');
  };
  return `#${part(0)}${part(8)}${part(4)}`;
}

test('initials have 4.5:1 in every tint', () => {
  for (let hue = 0; hue < 360; hue++) {
    expect(contrast(tint('on-tint', hue), tint('tint-raised', hue)), `hue ${hue}`).toBeGreaterThanOrEqual(
      4.5,
    );
  }
});

describe.each([
  ['paper', "[data-ground='paper']"],
  ['meeting', "[data-ground='meeting']"],
])('on %s', (_, selector) => {
  const colours = tokens(selector);
  const of = (name: string) => colours.get(name) ?? expect.unreachable(`no token ${name}`);

  test.each<[string, string]>([
    ...['ground', 'raised', 'sunken', 'hover'].flatMap((ground) =>
      ['text', 'quiet', 'accent-text', 'danger-text'].map((text): [string, string] => [text, ground]),
    ),
    ['on-accent', 'accent'],
    ['on-accent', 'accent-hover'],
    ['on-danger', 'danger'],
    ['on-danger', 'danger-hover'],
    ['safe', 'ground'],
    ['ground', 'text'],
  ])('text %s on %s has 4.5:1', (text, ground) => {
    expect(contrast(of(text), of(ground))).toBeGreaterThanOrEqual(4.5);
  });

  test.each([
    ['edge', 'ground'],
    ['edge', 'raised'],
    ['edge', 'sunken'],
    ['focus', 'ground'],
    ['focus', 'raised'],
  ])('control %s on %s has 3:1', (control, ground) => {
    expect(contrast(of(control), of(ground))).toBeGreaterThanOrEqual(3);
  });
});
