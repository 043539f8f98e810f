import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { participant } from '../signal/fixtures';
import { Notices } from './notices.svelte';
import type { RoomNews } from './room.svelte';
import { tellAsked, tellMessages, tellModerated, tellNews } from './telling';

const ada = participant('a', { name: 'Ada' });
const quiet: RoomNews = {
  joined: [],
  left: [],
  lost: [],
  removed: [],
  sharing: [],
  raised: [],
  locked: undefined,
};
let notices: Notices;
const told = () => notices.list.map((notice) => [notice.kind, ...notice.names]);

beforeEach(() => {
  vi.useFakeTimers();
  notices = new Notices();
});
afterEach(() => vi.useRealTimers());

it('tells of hands only those who moderate', () => {
  tellNews(notices, { ...quiet, joined: [ada], raised: [ada] }, false);
  expect(told()).toEqual([['joined', 'Ada']]);
  tellNews(notices, { ...quiet, removed: [ada], raised: [ada] }, true);
  expect(told().slice(1)).toEqual([
    ['removed', 'Ada'],
    ['hand', 'Ada'],
  ]);
});

it('tells the last state of the lock', () => {
  tellNews(notices, { ...quiet, locked: true }, false);
  tellNews(notices, { ...quiet, locked: false }, false);
  expect(told()).toEqual([['unlocked']]);
});

it('tells what was done to oneself', () => {
  tellModerated(notices, { action: 'microphone', by: 'a' }, ada, 'participant');
  tellModerated(notices, { action: 'role', by: 'x' }, undefined, 'moderator');
  tellModerated(notices, { action: 'lock', by: 'a' }, ada, 'participant');
  expect(notices.list).toMatchObject([
    { kind: 'stopped-microphone', names: ['Ada'] },
    { kind: 'role-changed', names: [], role: 'moderator' },
  ]);
});

it('tells of messages, and whether nobody else reads them', () => {
  tellMessages(notices, []);
  tellMessages(notices, [{ number: 1, from: 'a', name: 'Ada', text: 'x', at: 0, to: 'me' }]);
  expect(notices.list).toMatchObject([{ kind: 'message', names: ['Ada'], private: true }]);
});

it('asks longer than it tells, until the person does it', () => {
  const turnOn = vi.fn();
  tellAsked(notices, { source: 'microphone', by: 'a' }, ada, turnOn);
  vi.advanceTimersByTime(50_000);
  expect(told()).toEqual([['asked-microphone', 'Ada']]);
  notices.list[0]?.action?.();
  expect(turnOn).toHaveBeenCalledOnce();
  expect(told()).toEqual([]);
});
