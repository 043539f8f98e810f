import { expect, test } from 'vitest';
import type { InvitationCard } from '../../call/model';
import { cardLanguage, invitationText, invitationTitle } from './text';

function card(changes: Partial<InvitationCard>): InvitationCard {
  return {
    link: 'https://meet.example/board#invite=secret',
    kind: 'group',
    name: '',
    title: '',
    inviter: 'Ada',
    domain: 'meet.example',
    language: '',
    password: false,
    startsAt: undefined,
    endsAt: undefined,
    qr: () => Promise.resolve({ size: 0, path: '' }),
    calendar: () => new File([], 'meeting.ics'),
    ...changes,
  };
}

test.each([
  ['de', 'de'],
  ['de-AT', 'de'],
  ['en', 'en'],
  ['fr', 'en'],
  ['', 'en'],
])('an invitation to a meeting in %j is written in %s', (language, written) => {
  expect(cardLanguage(card({ language }), 'en')).toBe(written);
});

test('the text names who invites, the link on a line of its own, and the server', () => {
  expect(invitationText(card({}), 'en').split('\n')).toEqual([
    'Ada invites you to a meeting.',
    '',
    'https://meet.example/board#invite=secret',
    '',
    'The meeting is on meet.example. Your browser is enough, no account is needed.',
  ]);
});

test('a personal invitation greets, and warns not to hand it on', () => {
  const text = invitationText(
    card({
      kind: 'personal',
      name: 'Ben',
      title: 'Board',
      password: true,
      startsAt: new Date(2027, 2, 3, 14, 5),
    }),
    'de',
  );
  expect(text).toContain('Guten Tag Ben,');
  expect(text).toContain('Ada lädt Sie zu „Board“ ein.');
  expect(text).toMatch(/Mittwoch, 3\. März( 2027)? um 14:05/);
  expect(text).toContain('Dieser Link gilt nur für Sie');
  expect(text).toContain('Passwort');
});

test('a meeting without a title is named after who invites', () => {
  expect(invitationTitle(card({}), 'en')).toBe('Meeting with Ada');
  expect(invitationTitle(card({ title: 'Board' }), 'en')).toBe('Board');
});
