import { expect, test } from 'vitest';
import type { Identity } from '../signal/protocol.gen';
import { identityWords, lengthChoices, verified } from './words';

// Criterion 14: who logged in is visibly different from a guest.
test.each<[Identity, string, boolean]>([
  [{ kind: 'guest' }, 'Guest, name not verified', false],
  [{ kind: 'invited' }, 'Came by a personal invitation', false],
  [{ kind: 'account' }, 'Signed in on this server', true],
  [{ kind: 'account', provider: 'Google' }, 'Signed in with Google', true],
  [{ kind: 'token', provider: 'Moodle' }, 'Sent by Moodle', true],
  [{ kind: 'token' }, 'Sent by another system', true],
])('criterion 14: %j', (identity, words, sure) => {
  expect(identityWords(identity)).toBe(words);
  expect(verified(identity.kind)).toBe(sure);
});

test('a length that is not among the usual ones can be chosen too', () => {
  expect(lengthChoices(25).at(-1)).toEqual({ id: '25', name: '25 minutes' });
  expect(lengthChoices(60).filter(({ id }) => id === '60')).toHaveLength(1);
  expect(lengthChoices()[0]).toEqual({ id: '0', name: 'No limit' });
});
