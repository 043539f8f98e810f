/** The seam for rights and for those who look after a meeting. */
import type { Ban, LogEntry, Right, Role, Settings, SettingsChange } from '../../signal/protocol.gen';
import type { Failure } from '../model';
import type { Outcome } from './entry';

/**
 * What may be done to one person now. An act that fails becomes a notice 'failed'; what asks for input answers by
 * itself.
 */
export interface PersonActions {
  /** Silences the microphone, which only its owner can switch on again. Undefined also when it is off. */
  readonly mute?: () => void;
  /** Silences, and takes the right to switch on. */
  readonly muteForGood?: () => void;
  readonly askToUnmute?: () => void;
  readonly stopCamera?: () => void;
  readonly askForCamera?: () => void;
  readonly stopScreen?: () => void;
  readonly lowerHand?: () => void;
  readonly rename?: (name: string) => Outcome;
  /** Roles that can be given, the one that the person has left out. */
  readonly roles: readonly Role[];
  readonly setRole?: (role: Role) => void;
  /** Which rights the person has now by role and exceptions; setRight makes an exception. */
  readonly rights: readonly Right[];
  readonly setRight?: (right: Right, allowed: boolean) => void;
  /** Out of the meeting; may knock again, with a mark. */
  readonly remove?: () => void;
  /** Out of the meeting, and never in again. */
  readonly ban?: () => void;
  /** Brings back who was halted by the panic button. */
  readonly restore?: () => void;
  /** Opens a private chat: id for Chat.send. */
  readonly write?: () => void;
}

/** What may be done to the meeting as a whole now. */
export interface Moderation {
  of(personId: string): PersonActions;
  readonly muteAll?: () => void;
  readonly stopCameras?: () => void;
  readonly stopScreens?: () => void;
  readonly lowerHands?: () => void;
  /** The panic button: all media and chat stop, the meeting is locked. */
  readonly panic?: () => void;
  /** After it: brings everybody back; one by one goes by of(). Undefined when nobody is halted. */
  readonly restoreAll?: () => void;
  /** Ends the meeting for everybody. */
  readonly end?: () => void;
  readonly lock?: (locked: boolean) => void;
  /** Changes the lobby's mode only, as moderators may too. */
  readonly setLobby?: (lobby: Settings['lobby']) => Outcome;
  /** Changes any settings; the password is set by it, '' takes it away. */
  readonly change?: (change: SettingsChange) => Outcome;
  /** What hosts and moderators did in this meeting, the oldest first. */
  readonly readLog?: () => Promise<{ entries: LogEntry[]; dropped: number } | Failure>;
  /** Who is not let in again. */
  readonly readBans?: () => Promise<Ban[] | Failure>;
  readonly liftBan?: (banId: string) => Outcome;
}

/** What holds for the meeting as a whole. */
export interface Condition {
  /** Somebody pressed the panic button: all is silent and locked until a host brings people back. */
  readonly panic: boolean;
  /** Who did; empty when the person is gone. */
  readonly panicBy: string;
  /** Whether oneself is silenced by it. */
  readonly halted: boolean;
  /** No host is there: the meeting rests, and ends then. */
  readonly heldUntil: Date | undefined;
  /** The longest time is over then. */
  readonly endsAt: Date | undefined;
  readonly startedAt: Date | undefined;
}
