import { expect, test } from 'vitest';
import { initials } from './initials';

test.each([
  ['Ada', 'A'],
  ['Ada Lovelace', 'AL'],
  ['ada king lovelace', 'AL'],
  ['Élodie Ørsted', 'ÉØ'],
  ['李 明', '李明'],
  ['"Ben" (7b)', 'B7'],
  ['🙂 Ben', 'B'],
  ['🙂', ''],
  ['', ''],
])('%s → %s', (name, letters) => expect(initials(name, 'en')).toBe(letters));
