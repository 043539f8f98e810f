import { expect, test, vi } from 'vitest';
import { press, type Focus, type Press } from './shortcuts';

function keys() {
  return {
    microphone: vi.fn(),
    camera: vi.fn(),
    screen: undefined,
    hand: vi.fn(),
    help: vi.fn(),
    hold: vi.fn(),
  };
}

const plain: Press = { key: '', ctrlKey: false, metaKey: false, altKey: false, repeat: false };

test.each<[string, Partial<Press>, Focus, string | undefined]>([
  ['m mutes', { key: 'm' }, 'page', 'microphone'],
  ['M mutes', { key: 'M' }, 'control', 'microphone'],
  ['v stops the camera', { key: 'v' }, 'page', 'camera'],
  ['h raises a hand', { key: 'h' }, 'page', 'hand'],
  ['? helps', { key: '?' }, 'page', 'help'],
  ['space talks', { key: ' ' }, 'page', 'hold'],
  ['space presses a focused control', { key: ' ' }, 'control', undefined],
  ['s does nothing where it is not allowed', { key: 's' }, 'page', undefined],
  ['a text keeps its letters', { key: 'm' }, 'text', undefined],
  ['a held key acts once', { key: 'm', repeat: true }, 'page', undefined],
  ['the browser keeps its own shortcuts', { key: 'm', ctrlKey: true }, 'page', undefined],
  ['other keys do nothing', { key: 'x' }, 'page', undefined],
])('%s', (_, event, focus, expected) => {
  const shortcuts = keys();
  expect(press({ ...plain, ...event }, focus, shortcuts)).toBe(expected !== undefined);
  for (const [name, action] of Object.entries(shortcuts)) {
    if (action) expect(action.mock.calls.length, name).toBe(name === expected ? 1 : 0);
  }
});

test('a held space bar talks on without a new start', () => {
  const shortcuts = keys();
  expect(press({ ...plain, key: ' ', repeat: true }, 'page', shortcuts)).toBe(true);
  expect(shortcuts.hold).not.toHaveBeenCalled();
});
