import { beforeEach, describe, expect, it, vi } from 'vitest';
import { participant, snapshot } from '../signal/fixtures';
import type { ChatMessage, Joined, Right } from '../signal/protocol.gen';
import { Acts } from './acts';
import { RoomChat } from './chat.svelte';
import { Room } from './room.svelte';

const written = (number: number, from: string, more: Partial<ChatMessage> = {}): ChatMessage => ({
  number,
  from,
  name: from,
  text: `text ${number}`,
  at: 0,
  ...more,
});

describe('RoomChat', () => {
  let room: Room;
  let chat: RoomChat;
  let answers: unknown[];
  const request = vi.fn(() => Promise.resolve(answers.shift() ?? {}));
  const may = (...rights: Right[]) => room.become({ role: 'participant', rights });

  beforeEach(() => {
    request.mockClear();
    answers = [];
    room = new Room();
    room.enter({
      participantId: 'me',
      you: { role: 'participant', rights: ['group-chat', 'private-chat'] },
      snapshot: snapshot(1, participant('me'), participant('ada', { name: 'Ada' })),
    } as Joined);
    chat = new RoomChat(room, new Acts(request as never, () => undefined));
  });

  const numbers = () => chat.messages.map((message) => message.id);

  it('counts what came while it was closed', () => {
    expect(chat.take([written(1, 'ada'), written(2, 'me')]).map((one) => one.number)).toEqual([1]);
    expect(chat.unread).toBe(1);
    chat.look(true);
    expect([chat.unread, chat.firstUnread]).toEqual([0, 1]);
    expect(chat.take([written(3, 'ada')])).toEqual([]);
    chat.look(false);
    expect([chat.unread, chat.firstUnread]).toEqual([0, undefined]);
    chat.take([written(4, 'ada')]);
    expect(chat.unread).toBe(1);
  });

  it('reads what was written before, page by page, and counts it as read', async () => {
    answers = [
      { messages: [written(1, 'ada'), written(3, 'ada')], more: true },
      { messages: [written(5, 'ada')], more: false },
    ];
    await chat.read(true);
    expect(numbers()).toEqual([1, 3, 5]);
    expect(chat.unread).toBe(0);
    expect(request.mock.calls).toEqual([
      ['chat.read', { after: 0 }],
      ['chat.read', { after: 3 }],
    ]);
  });

  it('learns after an absence what came and what was taken back', async () => {
    chat.take([written(1, 'ada')]);
    chat.look(true);
    chat.look(false);
    answers = [
      { messages: [written(1, 'ada', { text: '', retracted: true }), written(2, 'ada')], more: false },
    ];
    await chat.read(false);
    expect(chat.messages).toMatchObject([{ retracted: true, parts: [] }, { id: 2 }]);
    expect(chat.unread).toBe(1);
  });

  it('passes over an answer that comes after leaving', async () => {
    answers = [{ messages: [written(1, 'ada')], more: false }];
    const reading = chat.read(true);
    chat.clear();
    await reading;
    expect(chat.messages).toEqual([]);
  });

  it('shows what a message answers, and keeps what did not change', () => {
    chat.take([written(1, 'ada'), written(2, 'me', { replyTo: 1 }), written(3, 'me', { to: 'ada' })]);
    const [first, second, third] = chat.messages;
    expect(second?.replyTo).toBe(first);
    expect(third?.to).toEqual({ id: 'ada', name: '' });
    chat.take([written(4, 'ada')]);
    expect(chat.messages.slice(0, 3)).toEqual([first, second, third]);
    expect(chat.messages[0]).toBe(first);
    chat.retracted({ numbers: [1] });
    expect(chat.messages[1]?.replyTo).toMatchObject({ retracted: true, parts: [] });
    expect(chat.messages[2]).toBe(third);
  });

  it('takes back own messages, and those of others with the right to moderate', () => {
    chat.take([written(1, 'ada'), written(2, 'me')]);
    expect(chat.messages.map((message) => message.retract !== undefined)).toEqual([false, true]);
    may('moderate');
    chat.messages[0]?.retract?.();
    expect(request).toHaveBeenCalledWith('chat.retract', { number: 1 });
  });

  it('writes to everybody or to one, as far as that is allowed', async () => {
    expect(chat.recipients).toEqual(['ada']);
    await chat.send?.('hello', 7);
    chat.choose('ada');
    expect(chat.recipient).toEqual({ id: 'ada', name: 'Ada' });
    await chat.send?.('hush');
    expect(request.mock.calls).toEqual([
      ['chat.send', { text: 'hello', replyTo: 7 }],
      ['chat.send', { text: 'hush', to: 'ada' }],
    ]);
    may('group-chat');
    expect(chat.send).toBeUndefined();
    expect(chat.recipients).toEqual([]);
    chat.choose(undefined);
    expect(chat.send).toBeDefined();
    may();
    expect(chat.send).toBeUndefined();
  });

  it('does not send to everybody what was meant for somebody who left', () => {
    chat.choose('ada');
    room.apply({ sequence: 2, left: [{ participantId: 'ada', reason: 'left' }] });
    expect(chat.recipient?.id).toBe('ada');
  });
});
