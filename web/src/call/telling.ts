import type { Action, Asked, ChatMessage, Moderated, Participant, Role } from '../signal/protocol.gen';
import type { NoticeKind } from './model';
import type { Notices } from './notices.svelte';
import type { RoomNews } from './room.svelte';

/** What is told of an act on oneself; other acts are told to nobody but the log. */
const ofOneself: Partial<Record<Action, NoticeKind>> = {
  microphone: 'stopped-microphone',
  camera: 'stopped-camera',
  screen: 'stopped-screen',
  hand: 'lowered-hand',
  rename: 'renamed',
  role: 'role-changed',
  rights: 'rights-changed',
  retract: 'retracted',
  restore: 'restored',
};

/** Tells what happened in the room; of hands only those who moderate. */
export function tellNews(notices: Notices, news: RoomNews, moderates: boolean): void {
  for (const kind of ['joined', 'left', 'lost', 'removed', 'sharing'] as const) {
    notices.people(kind, namesOf(news[kind]));
  }
  if (moderates) notices.people('hand', namesOf(news.raised));
  if (news.locked !== undefined) {
    notices.withdraw(news.locked ? 'unlocked' : 'locked');
    notices.tell(news.locked ? 'locked' : 'unlocked');
  }
}

/** Tells what was done to oneself, by whom, and the role that one has then. */
export function tellModerated(
  notices: Notices,
  { action }: Moderated,
  by: Participant | undefined,
  role: Role | undefined,
): void {
  const kind = ofOneself[action];
  const names = namesOf(by ? [by] : []);
  if (kind === 'role-changed' && role) notices.tell(kind, { names, count: names.length, role });
  else if (kind) notices.tell(kind, { names, count: names.length });
}

/** Tells that somebody asks to switch a device on, which only oneself can do. */
export function tellAsked(
  notices: Notices,
  { source }: Asked,
  by: Participant | undefined,
  turnOn: () => void,
): void {
  const names = namesOf(by ? [by] : []);
  const kind = source === 'camera' ? 'asked-camera' : 'asked-microphone';
  notices.tell(kind, { names, count: names.length, action: turnOn });
}

/** Tells of the last message that came while the chat was closed. */
export function tellMessages(notices: Notices, messages: readonly ChatMessage[]): void {
  const last = messages.at(-1);
  if (last) notices.tell('message', { names: [last.name], count: 1, private: last.to !== undefined });
}

function namesOf(participants: readonly Participant[]): string[] {
  return participants.map((participant) => participant.name);
}
