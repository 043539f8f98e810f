import { expect, test } from 'vitest';
import type { Failure } from '../call/model';
import { m } from '../i18n/paraglide/messages.js';
import { failureWords } from './ending';

const ends: Failure[] = [
  'server_full',
  'server_busy',
  'refused',
  'removed',
  'banned',
  'locked',
  'ended',
  'gone',
  'try_later',
  'password_required',
  'invite_invalid',
  'invite_in_use',
  'token_invalid',
  'log_in_required',
  'logged_out',
];

test.each(ends)('%s has words of its own', (failure) => {
  expect(failureWords(failure).title).not.toBe(m.failure_program());
});

test('what only a mistake of the program can cause shares one text', () => {
  expect(failureWords('invalid_params')).toEqual(failureWords('parse_error'));
});
