import { expect, test } from 'vitest';
import { m } from '../i18n/paraglide/messages.js';
import { browserOf, obstacle, type Circumstances } from './permission';

const allowed: Circumstances = {
  camera: 'granted',
  microphone: 'granted',
  secure: true,
  agent: 'Firefox/140.0',
};

test.each<[string, Partial<Circumstances>, (() => string) | undefined]>([
  ['nothing', {}, undefined],
  ['nothing while the browser asks', { camera: 'prompt', microphone: 'prompt' }, undefined],
  ['a page without encryption', { secure: false, camera: 'unknown' }, m.insecure],
  ['both refused', { camera: 'denied', microphone: 'denied' }, m.denied_both],
  ['a refused camera', { camera: 'denied' }, m.denied_camera],
  [
    'a refused microphone before a missing camera',
    { camera: 'missing', microphone: 'denied' },
    m.denied_microphone,
  ],
  ['a busy camera', { camera: 'busy' }, m.busy_camera],
  ['a busy microphone', { microphone: 'busy' }, m.busy_microphone],
  ['no devices', { camera: 'missing', microphone: 'missing' }, m.missing_both],
  ['no camera', { camera: 'missing' }, m.missing_camera],
  ['no microphone', { microphone: 'missing' }, m.missing_microphone],
])('%s stands in the way', (_, circumstances, words) => {
  expect(obstacle({ ...allowed, ...circumstances })?.words).toBe(words?.());
});

test('a refusal comes with a hint for this browser', () => {
  expect(obstacle({ ...allowed, camera: 'denied' })?.hint).toBe(m.allow_firefox());
});

const safari = 'AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.0';

test.each([
  ['Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 Chrome/140.0.0.0 Safari/537.36', 'chrome'],
  ['Mozilla/5.0 (Windows NT 10.0) AppleWebKit/537.36 Chrome/140.0.0.0 Safari/537.36 Edg/140.0', 'chrome'],
  ['Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0', 'firefox'],
  [`Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) ${safari} Safari/605.1.15`, 'safari'],
  [`Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) ${safari} Mobile Safari/604.1`, 'ios'],
  ['Mozilla/5.0 (Linux; Android 15) AppleWebKit/537.36 Chrome/140.0.0.0 Mobile Safari/537.36', 'android'],
  ['Mozilla/5.0 (Android 15; Mobile; rv:140.0) Gecko/140.0 Firefox/140.0', 'other'],
  ['Ladybird', 'other'],
])('%s is %s', (agent, browser) => expect(browserOf(agent)).toBe(browser));
