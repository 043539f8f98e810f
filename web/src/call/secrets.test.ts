import { afterEach, describe, expect, it, vi } from 'vitest';
import { readSecrets, takeSecrets } from './secrets';

const invite = 'abcdefghijklmnopqrstuvwxyz';
const setup = 'Y7GhAZQsHpw7y7H_H98wdriogGSZOSW_oR7AOs-yUXo';
const arrival = (back: string) => ({ arrival: { error: 'cancelled', back } });

describe('readSecrets', () => {
  it.each([
    ['nothing', '', '', {}],
    ['an invitation', `#invite=${invite}`, '', { invite }],
    ['a part of one', `#invite=${invite.slice(1)}`, '', { malformed: true }],
    ['an empty one', '#invite=', '', { malformed: true }],
    ['one with its server', `#invite=${invite}&server=meet.example`, '', { invite, server: 'meet.example' }],
    ['one with a port', `#invite=${invite}&server=127.0.0.2:8080`, '', { invite, server: '127.0.0.2:8080' }],
    ['one of an IPv6 address', `#invite=${invite}&server=[::1]:8080`, '', { invite, server: '[::1]:8080' }],
    ['one whose server is cut off', `#invite=${invite}&server=`, '', { malformed: true }],
    ['one with words for a server', `#invite=${invite}&server=call+us+now`, '', { malformed: true }],
    ['one with an address for a server', `#invite=${invite}&server=a.example/path`, '', { malformed: true }],
    ['one with marks for a server', `#invite=${invite}&server=%3Cb%3Ea`, '', { malformed: true }],
    [
      'one with much too long a server',
      `#invite=${invite}&server=${'a'.repeat(300)}`,
      '',
      { malformed: true },
    ],
    ['a server alone', '#server=meet.example', '', {}],
    ['a server in the query', `#invite=${invite}`, '?server=meet.example', { invite }],
    ['a token', '#jwt=aa.bb.c-_', '', { token: 'aa.bb.c-_' }],
    ['a token in the query, as with Jitsi', '', '?jwt=aa.bb.cc', { token: 'aa.bb.cc' }],
    ['a part of a token', '#jwt=aa.bb', '', { malformed: true }],
    ['a token that is too long', `#jwt=aa.bb.${'c'.repeat(5000)}`, '', { malformed: true }],
    ['a set-up link', `#${setup}`, '', { setup }],
    ['a part of one', `#${setup.slice(1)}`, '', {}],
    ['a failed log-in', '#error=cancelled&return=%2Fboard', '', arrival('/board')],
    ['a failed log-in from elsewhere', '#error=cancelled&return=//evil.example', '', arrival('/')],
    ['a failed log-in from a script', '#error=cancelled&return=javascript:alert(1)', '', arrival('/')],
    ['an unknown error', '#error=call+this+number', '', {}],
    ['an invitation in the query', '', `?invite=${invite}`, {}],
  ])('%s', (_, hash, search, secrets) => {
    expect(readSecrets({ hash, search })).toEqual(secrets);
  });

  it('criterion 23: takes from an address what lets somebody in and why they came back, and nothing else', () => {
    const names = [
      'config',
      'interfaceConfig',
      'userInfo',
      'lobby',
      'role',
      'name',
      'lang',
      'theme',
      'e2ee',
      'record',
    ];
    const tricks = ['', '.x', '[x]', '.__proto__.x', '.constructor.prototype.x'];
    const settings = [...names, '__proto__', 'prototype', 'constructor', 'toString']
      .flatMap((name) => tricks.map((trick) => `${encodeURIComponent(name + trick)}=on`))
      .join('&');
    const known = `invite=${invite}&server=meet.example&jwt=a.b.c&error=cancelled`;
    const found = readSecrets({ hash: `#${settings}&${known}&${settings}`, search: `?${settings}` });
    expect(Object.keys(found).sort()).toEqual(['arrival', 'invite', 'server', 'token']);
    expect(Object.getPrototypeOf(found)).toBe(Object.prototype);
    expect({}).not.toHaveProperty('x');
  });

  it.each(['#config.lobby=false', '#__proto__.lobby=off', '#constructor=x&role=host', '#%E0%A4%A', '#&&==#'])(
    'criterion 23: passes over settings in the address: %s',
    (hash) => {
      expect(readSecrets({ hash, search: '?lobby=off' })).toEqual({});
      expect({}).not.toHaveProperty('lobby');
    },
  );
});

describe('takeSecrets', () => {
  afterEach(() => vi.unstubAllGlobals());

  function at(address: string) {
    const replaceState = vi.fn();
    vi.stubGlobal('location', new URL(address));
    vi.stubGlobal('history', { state: null, replaceState });
    return replaceState;
  }

  it('criterion 4: leaves no secret in the address', () => {
    const replaceState = at(`https://meet.example/board?jwt=a.b.c#invite=${invite}`);
    expect(takeSecrets()).toEqual({ invite, token: 'a.b.c' });
    expect(replaceState).toHaveBeenCalledExactlyOnceWith(null, '', '/board');
  });

  it('leaves an address without secrets alone', () => {
    const replaceState = at('https://meet.example/board');
    expect(takeSecrets()).toEqual({});
    expect(replaceState).not.toHaveBeenCalled();
  });
});
