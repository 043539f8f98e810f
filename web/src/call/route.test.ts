import { describe, expect, it } from 'vitest';
import { viewOf } from './route.svelte';

describe('viewOf', () => {
  it.each([
    ['/', { name: 'home' }],
    ['/board', { name: 'meeting', room: 'board' }],
    ['/board/', { name: 'meeting', room: 'board' }],
    ['/Caf%C3%A9', { name: 'meeting', room: 'café' }],
    ['/school/board', { name: 'missing' }],
    ['/-/assets', { name: 'missing' }],
    ['/-/setup', { name: 'setup' }],
    ['/-/login', { name: 'log-in' }],
    ['/-/account', { name: 'account' }],
    ['/-/setup/x', { name: 'missing' }],
    ['/-/constructor', { name: 'missing' }],
    ['/%20', { name: 'missing' }],
    ['/-', { name: 'missing' }],
    ['/%E0%A4%A', { name: 'missing' }],
  ])('%s', (path, view) => {
    expect(viewOf(path)).toEqual(view);
  });
});
