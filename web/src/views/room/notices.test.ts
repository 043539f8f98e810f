import { afterEach, expect, test } from 'vitest';
import type { Language, Notice } from '../../call/model';
import { followLanguage } from '../../i18n/locale';
import { noticeText } from './notices';

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
])('%s: %j', (language, notice, text) => {
  followLanguage({ language });
  expect(noticeText({ id: 1, kind: 'back', names: [], count: 0, ...notice }, language)).toBe(text);
});
