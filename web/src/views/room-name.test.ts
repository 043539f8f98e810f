import { expect, test } from 'vitest';
import { roomPath } from './room-name';

const origin = 'https://meet.example';

test.each([
  ['', undefined],
  ['   ', undefined],
  ['/', undefined],
  ['board', '/board'],
  ['  Class 7b ', '/Class-7b'],
  ['Tür/Tor', '/T%C3%BCr%2FTor'],
  ['https://meet.example/board', '/board'],
  ['https://meet.example/T%C3%BCr?x=1#y', '/T%C3%BCr'],
  ['https://meet.example/%', '/%25'],
  ['https://elsewhere.example/board', '/https%3A%2F%2Felsewhere.example%2Fboard'],
])('%j leads to %j', (typed, path) => expect(roomPath(typed, origin)).toBe(path));
