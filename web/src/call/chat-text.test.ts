import { describe, expect, it } from 'vitest';
import { textParts } from './chat-text';

const hrefs = (text: string) =>
  textParts(text)
    .filter((part) => part.href)
    .map((part) => part.href);

describe('textParts', () => {
  it('finds addresses among words', () => {
    expect(textParts('see https://a.example/x, or (http://b.example/y_(z)).')).toEqual([
      { text: 'see ' },
      { text: 'https://a.example/x', href: 'https://a.example/x' },
      { text: ', or (' },
      { text: 'http://b.example/y_(z)', href: 'http://b.example/y_(z)' },
      { text: ').' },
    ]);
  });

  it('keeps every character of a text', () => {
    const text = 'a\n<b>https://x.example</b> &amp; https://@ https:// …';
    expect(
      textParts(text)
        .map((part) => part.text)
        .join(''),
    ).toBe(text);
  });

  it.each([
    'javascript:alert(1)',
    'data:text/html,x',
    'ftp://a.example',
    'www.example',
    'https://bank.example@evil.example/',
    'https://user:word@evil.example/',
    'https://',
  ])('makes no link of %s', (text) => {
    expect(hrefs(text)).toEqual([]);
  });

  it('shows the host that a foreign alphabet really names', () => {
    const real = 'https://xn--bnk-6cd.example/';
    expect(textParts('https://b\u0430nk.example/')).toEqual([{ text: real, href: real }]);
  });
});
