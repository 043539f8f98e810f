import type { Participant, Right, Role, SettingsChange, Source } from '../signal/protocol.gen';
import type { Acts } from './acts';
import type { RoomChat } from './chat.svelte';
import type { Room } from './room.svelte';
import type { Moderation, PersonActions } from './seam/moderation';
import { allRoles, mayActOn, rightsOf } from './standing';

/** What hosts and moderators do. Each action is there only while it may be done, as far as the page can tell. */
export class RoomModeration implements Moderation {
  readonly #room: Room;
  readonly #acts: Acts;
  readonly #chat: RoomChat;

  constructor(room: Room, acts: Acts, chat: RoomChat) {
    this.#room = room;
    this.#acts = acts;
    this.#chat = chat;
  }

  of(personId: string): PersonActions {
    const target = this.#room.participant(personId);
    const { own } = this.#room;
    if (!target || !own || target.id === own.id) return { roles: [], rights: [] };
    const acting = this.#moderates && mayActOn(own, target, this.#room.settings);
    const writing = this.#chat.recipients.includes(personId);
    return {
      roles: [],
      rights: rightsOf(target, this.#room.settings),
      ...(acting && this.#moderatorActions(target)),
      ...(acting && this.#hosts && this.#hostActions(target)),
      ...(writing && { write: () => this.#chat.choose(personId) }),
    };
  }

  get muteAll() {
    return this.#stopAll(['microphone']);
  }
  get stopCameras() {
    return this.#stopAll(['camera']);
  }
  get stopScreens() {
    return this.#stopAll(['screen']); // its sound too
  }

  get lowerHands() {
    if (!this.#moderates || this.#room.hands.length === 0) return undefined;
    return () => this.#acts.act('hand.lower', { everyone: true });
  }

  get panic() {
    return this.#moderates ? () => this.#acts.act('meeting.panic', {}) : undefined;
  }

  get restoreAll() {
    const halted = this.#room.roster.participants.some((participant) => participant.halted);
    return this.#hosts && halted ? () => this.#acts.act('meeting.restore', { everyone: true }) : undefined;
  }

  get end() {
    return this.#hosts ? () => this.#acts.act('meeting.end', {}) : undefined;
  }

  get lock() {
    return this.#moderates ? (locked: boolean) => this.#acts.act('settings.update', { locked }) : undefined;
  }

  get setLobby() {
    return this.#moderates
      ? (lobby: SettingsChange['lobby']) => this.#acts.attempt('settings.update', { ...(lobby && { lobby }) })
      : undefined;
  }

  get change() {
    return this.#hosts
      ? (change: SettingsChange) => this.#acts.attempt('settings.update', change)
      : undefined;
  }

  get readLog() {
    if (!this.#hosts) return undefined;
    return async () => {
      const log = await this.#acts.ask('log.read', {});
      return typeof log === 'string' ? log : { entries: log.entries, dropped: log.dropped ?? 0 };
    };
  }

  get readBans() {
    if (!this.#hosts) return undefined;
    return async () => {
      const answer = await this.#acts.ask('bans.list', {});
      return typeof answer === 'string' ? answer : answer.bans;
    };
  }

  get liftBan() {
    return this.#hosts ? (banId: string) => this.#acts.attempt('bans.lift', { banId }) : undefined;
  }

  get #moderates(): boolean {
    return this.#room.rights.has('moderate');
  }

  get #hosts(): boolean {
    return this.#room.you?.role === 'host';
  }

  #stopAll(sources: Source[]) {
    const some = this.#room.others.some((participant) => sends(participant, ...sources));
    if (!this.#moderates || !some) return undefined;
    return () => this.#acts.act('media.stop', { everyone: true, sources });
  }

  #moderatorActions(target: Participant): Partial<PersonActions> {
    const { id } = target;
    const stop = (sources: Source[], revoke?: true) => () =>
      this.#acts.act('media.stop', { participantIds: [id], sources, ...(revoke && { revoke }) });
    const ask = (source: Source) => () => this.#acts.act('media.ask', { participantIds: [id], source });
    const remove = (ban?: true) => () =>
      this.#acts.act('participant.remove', { participantId: id, ...(ban && { ban }) });
    return {
      ...(sends(target, 'microphone')
        ? { mute: stop(['microphone']), muteForGood: stop(['microphone'], true) }
        : { askToUnmute: ask('microphone') }),
      ...(sends(target, 'camera') ? { stopCamera: stop(['camera']) } : { askForCamera: ask('camera') }),
      ...(sends(target, 'screen', 'screen-audio') && { stopScreen: stop(['screen']) }),
      ...(target.hand && { lowerHand: () => this.#acts.act('hand.lower', { participantIds: [id] }) }),
      rename: (name) => this.#acts.attempt('participant.rename', { participantId: id, name: name.trim() }),
      remove: remove(),
      ban: remove(true),
    };
  }

  #hostActions(target: Participant): Partial<PersonActions> {
    const { id } = target;
    return {
      roles: allRoles.filter((role) => role !== target.role),
      setRole: (role: Role) => this.#acts.act('participant.role', { participantId: id, role }),
      ...(target.role !== 'host' && {
        setRight: (right: Right, allowed: boolean) => this.#setRight(target, right, allowed),
      }),
      ...(target.halted && {
        restore: () => this.#acts.act('meeting.restore', { participantIds: [id] }),
      }),
    };
  }

  /** Makes an exception for one right, or takes it back where the role says the same. */
  #setRight({ id, role, allowed = [], denied = [] }: Participant, right: Right, allow: boolean): void {
    const byRole = role !== 'host' && this.#room.settings?.rights[role].includes(right);
    const without = (rights: Right[]) => rights.filter((other) => other !== right);
    this.#acts.act('participant.rights', {
      participantId: id,
      allowed: allow && !byRole ? [...without(allowed), right] : without(allowed),
      denied: !allow && byRole ? [...without(denied), right] : without(denied),
    });
  }
}

function sends(participant: Participant, ...sources: Source[]): boolean {
  return participant.producers.some((producer) => sources.includes(producer.source) && !producer.paused);
}
