import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { chapters } from './privacy';

const read = chapters(readFileSync(new URL('../../../docs/privacy.md', import.meta.url), 'utf8'));

test('the document about privacy has a chapter in English and one in German', () => {
  expect(read.map(({ title }) => title)).toEqual([
    'What this program holds about people',
    'Was dieses Programm über Menschen weiß',
  ]);
});

test('each chapter is complete, and both tell of the same', () => {
  for (const { opening, columns, rows, closing } of read) {
    expect(opening).not.toBe('');
    expect(closing).not.toBe('');
    expect(columns).toHaveLength(4);
    expect(rows.length).toBeGreaterThan(3);
    expect(rows.flat()).not.toContain('');
    for (const row of rows) expect(row).toHaveLength(4);
  }
  expect(read[1]?.rows).toHaveLength(read[0]?.rows.length ?? 0);
});
