import { expect, test } from 'vitest';
import { logTable } from './log';

test('criterion 35: the log can be exported as a table with words', () => {
  const table = logTable([
    { at: Date.UTC(2027, 2, 3, 14, 5), action: 'remove', by: 'Ada', whom: 'Ben' },
    { at: Date.UTC(2027, 2, 3, 14, 6), action: 'role', by: 'Ada', whom: 'Cleo', detail: 'moderator' },
    { at: Date.UTC(2027, 2, 3, 14, 7), action: 'hold' },
  ]);
  expect(table).toEqual([
    ['Time', 'What', 'Whom', 'By', 'Details'],
    ['2027-03-03T14:05:00.000Z', 'Removed', 'Ben', 'Ada', ''],
    ['2027-03-03T14:06:00.000Z', 'Role changed', 'Cleo', 'Ada', 'Moderator'],
    ['2027-03-03T14:07:00.000Z', 'No host is there; the meeting rests', '', '', ''],
  ]);
});
