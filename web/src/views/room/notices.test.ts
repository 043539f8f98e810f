import { afterEach, expect, test } from 'vitest';
import type { Language, Notice } from '../../call/model';
import { followLanguage } from '../../i18n/locale';
import { noticeAction, noticeText } from './notices';

afterEach(() => followLanguage({ language: 'en' }));

test.each<[Language, Partial<Notice>, string]>([
  ['en', { kind: 'joined', names: ['Ada'], count: 1 }, 'Ada joined.'],
  ['en', { kind: 'joined', names: ['Ada', 'Ben'], count: 2 }, 'Ada and Ben joined.'],
  ['en', { kind: 'left', names: ['Ada', 'Ben', 'Cleo'], count: 9 }, 'Ada, Ben, Cleo, and 6 more left.'],
  ['de', { kind: 'joined', names: ['Ada'], count: 1 }, 'Ada ist dazugekommen.'],
  ['de', { kind: 'joined', names: ['Ada', 'Ben'], count: 2 }, 'Ada und Ben sind dazugekommen.'],
  [
    'de',
    { kind: 'left', names: ['Ada', 'Ben', 'Cleo'], count: 9 },
    'Ada, Ben, Cleo und 6 weitere sind gegangen.',
  ],
  ['en', { kind: 'camera-lost', device: 'Webcam' }, 'The camera is gone. Now in use: Webcam'],
  ['en', { kind: 'camera-lost' }, 'The camera is gone. Plug it in again, or choose another in the settings.'],
  ['en', { kind: 'removed', names: ['Ben'], count: 1 }, 'Ben was removed.'],
  ['de', { kind: 'hand', names: ['Ada', 'Ben'], count: 2 }, 'Ada und Ben haben die Hand gehoben.'],
  ['en', { kind: 'message', names: ['Ada'], count: 1, private: true }, 'Ada wrote to you.'],
  ['en', { kind: 'asked-microphone', names: ['Ada'], count: 1 }, 'Ada asks you to unmute your microphone.'],
  ['en', { kind: 'stopped-camera' }, 'A host switched off your camera.'],
  ['de', { kind: 'role-changed', role: 'moderator' }, 'Sie nehmen jetzt teil als: Moderation.'],
  [
    'en',
    { kind: 'failed', failure: 'forbidden' },
    'You may not do that here. Ask a host for the right to do it.',
  ],
])('%s: %j', (language, notice, text) => {
  followLanguage({ language });
  expect(noticeText({ id: 1, kind: 'back', names: [], count: 0, ...notice }, language)).toBe(text);
});

test.each<[Notice['kind'], string]>([
  ['knocking', 'Let in'],
  ['asked-microphone', 'Unmute microphone'],
  ['asked-camera', 'Start camera'],
  ['message', 'Open chat'],
  ['sound-blocked', 'Play sound'],
])('the button of a notice %s says what it does', (kind, words) => {
  expect(noticeAction({ id: 1, kind, names: [], count: 0 })).toBe(words);
});
