import { expect, test } from 'vitest';
import { accountFailureWords } from './failure';

test.each([undefined, 'cancelled'] as const)('%s needs no words', (failure) => {
  expect(accountFailureWords(failure)).toBeUndefined();
});

test('every other failure says what to do now', () => {
  expect(accountFailureWords('wrong_credentials')).toMatch(/try again/);
  expect(accountFailureWords('internal')).toMatch(/Try again/);
});
