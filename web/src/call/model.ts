/**
 * The seam between what the page does (src/signal, src/media, src/call) and what it shows (src/views, src/ui).
 * Components take these and nothing else. The classes behind keep their state in runes, so that a component which
 * reads a property is drawn again when it changes; what is handed out here is never written by a component. An
 * action that is undefined is not allowed now: its control is disabled or absent.
 */
import type { Account } from '../account/model';
import type { FailureCode } from '../signal/failure';
import type { Identity, Reaction, Right, Role, Settings, Source } from '../signal/protocol.gen';
import type { Door, Knocks, Waiting } from './seam/entry';
import type { InvitationCard, Invitations, NamedRooms } from './seam/invitations';
import type { Condition, Moderation } from './seam/moderation';
import type { Chat, Hand, Reactions } from './seam/talk';

export type * from './seam/entry';
export type * from './seam/invitations';
export type * from './seam/moderation';
export type * from './seam/talk';

/**
 * What the address of the page names. 'setup' is where a set-up link leads, 'log-in' the page to log in, 'account'
 * the page to look after one's account, one's rooms and, for operators, the accounts of others.
 */
export type View =
  | { name: 'meeting'; room: string }
  | { name: 'home' | 'setup' | 'log-in' | 'account' | 'privacy' | 'missing' };

/** Everything that the page shows; made in main.ts and given to App.svelte. */
export interface App {
  readonly route: Route;
  readonly preferences: Preferences;
  readonly devices: Devices;
  readonly account: Account;
  /** The rooms that the account keeps; undefined without an account. */
  readonly rooms: NamedRooms | undefined;
  /** The meeting whose page is open. */
  readonly meeting: Meeting | undefined;
  /** Goes to a new meeting with a name that nobody can guess; undefined: log in first. */
  readonly create?: () => void;
}

export interface Route {
  readonly current: View;
  /** Goes to a path of this page, such as '/' or '/board'; a secret may stand in its fragment. */
  go(path: string): void;
}

export type Language = 'de' | 'en';
export type Theme = 'system' | 'light' | 'dark';

/** What the person chose once and for all; kept in the browser where it allows that. Components write these. */
export interface Preferences {
  language: Language;
  theme: Theme;
  /** The name under which the person joined last. */
  name: string;
  /** Whether the own picture is shown as in a mirror. */
  mirror: boolean;
  /** How much of the others' pictures is received; the own is sent small too unless it is all. */
  pictures: Pictures;
  /** Whether pictures come small because data costs money, and not because somebody chose it. */
  readonly saving: boolean;
}

/** All as large as they are shown; small ones, which saves most of the data; none: sound alone. */
export type Pictures = 'all' | 'small' | 'none';

/** A device that the browser offers. */
export interface DeviceInfo {
  id: string;
  /** What the browser calls it; empty as long as it may not be told. */
  label: string;
}

/**
 * Whether a kind of device can be used: 'prompt' while the browser asks or would ask, 'missing' when there is none,
 * 'busy' when another program holds it, 'insecure' when the browser offers none at all, since the page didn't come
 * over https.
 */
export type Permission = 'unknown' | 'prompt' | 'granted' | 'denied' | 'missing' | 'busy' | 'insecure';

/** The own camera, microphone and loudspeaker, before and during a meeting. */
export interface Devices {
  readonly cameras: DeviceInfo[];
  readonly microphones: DeviceInfo[];
  /** Empty where the browser doesn't let a page choose. */
  readonly speakers: DeviceInfo[];
  /** The ids of those in use, or to be used when switched on; empty: the browser's choice. */
  readonly camera: string;
  readonly microphone: string;
  readonly speaker: string;
  readonly permission: { readonly camera: Permission; readonly microphone: Permission };
  readonly cameraOn: boolean;
  readonly microphoneOn: boolean;
  /** The own camera's picture, while it is on. */
  readonly preview: MediaStream | undefined;
  /** How loud the own microphone is now, 0 to 1. */
  readonly level: number;
  chooseCamera(id: string): Promise<void>;
  chooseMicrophone(id: string): Promise<void>;
  /** Undefined where the browser doesn't let a page choose. */
  readonly chooseSpeaker?: (id: string) => Promise<void>;
  turnCamera(on: boolean): Promise<void>;
  turnMicrophone(on: boolean): Promise<void>;
}

/**
 * Where a meeting stands: 'lobby' is the page before joining, 'waiting' the waiting room, 'reconnecting' a meeting
 * whose socket dropped, 'left' after leaving, 'ended' when the server sent the person away for good ('removed',
 * 'ended', 'replaced' …), 'failed' when joining didn't work ('refused', 'locked', 'gone' …).
 */
export type Phase = 'lobby' | 'joining' | 'waiting' | 'in' | 'reconnecting' | 'left' | 'ended' | 'failed';

/** Why a meeting failed or ended. */
export type Failure = FailureCode;

export type MeetingLayout = 'grid' | 'speaker';

/** What a shared screen mostly holds: moving pictures, or text that must stay sharp. */
export type ScreenKind = 'motion' | 'text';

/** Something shown, with its size on the page in CSS pixels. */
export interface Shown {
  tileId: string;
  width: number;
  height: number;
  priority: 'stage' | 'speaker' | 'tile';
}

/** A meeting, from the page before joining until after leaving. */
export interface Meeting {
  /** The room's name as people read it: a generated name in groups of five. */
  readonly room: string;
  /** The address that one gives to others. */
  readonly link: string;
  readonly phase: Phase;
  readonly error: Failure | undefined;
  /** The own name; empty before joining for the first time. */
  readonly name: string;
  readonly self: Tile | undefined;
  /** All tiles, the own camera and the own screens included, in a stable order: that of joining. */
  readonly tiles: Tile[];
  readonly people: Person[];
  readonly notices: Notice[];
  /** The id of the pinned tile. */
  readonly pinned: string | undefined;
  readonly layout: MeetingLayout;
  readonly microphone: {
    readonly on: boolean;
    readonly toggle?: () => void;
    /** Whether the microphone is on only as long as a key is held. */
    readonly pushToTalk: boolean;
    /** Talk while muted, as long as a key is held. */
    readonly hold?: (down: boolean) => void;
  };
  readonly camera: { readonly on: boolean; readonly toggle?: () => void };
  readonly screen: {
    readonly on: boolean;
    /** Shares a screen, or stops sharing all. Undefined where the browser cannot share. */
    readonly toggle?: (kind?: ScreenKind) => void;
    /** Shares one more screen. */
    readonly add?: (kind?: ScreenKind) => void;
    /** None can be begun now, and soon can be again: its place is kept. */
    readonly resting?: boolean;
  };
  /** What is known before joining. */
  readonly door: Door;
  /** The own place in the waiting room, while the phase is 'waiting'. */
  readonly waiting: Waiting | undefined;
  /** Undefined for those who may not open the door. */
  readonly knocks: Knocks | undefined;
  /** The own role, and what oneself may do now. */
  readonly role: Role | undefined;
  readonly rights: ReadonlySet<Right>;
  /** Undefined before joining. */
  readonly settings: Settings | undefined;
  readonly condition: Condition;
  readonly moderation: Moderation;
  /** Undefined for those who may not invite. */
  readonly invitations: Invitations | undefined;
  /** The bare address of the meeting, for who has no right to make links: goes through the waiting room. */
  readonly card: InvitationCard;
  readonly chat: Chat;
  readonly hand: Hand;
  /** Who raised a hand, the first one first. */
  readonly hands: Person[];
  readonly reactions: Reactions;
  readonly connection: Connection;
  /** The password is needed where the door says so. */
  readonly join?: (name: string, password?: string) => Promise<void>;
  readonly rename?: (name: string) => void;
  readonly rejoin?: () => void;
  leave(): void;
  pin(tileId: string | undefined): void;
  setLayout(layout: MeetingLayout): void;
  /** Tells all the tiles that can be seen now, with a stream or still without; only these are received. */
  show(items: Shown[]): void;
  dismiss(noticeId: number): void;
}

/** How well somebody is connected; 'lost': no media passes; 'reconnecting': the person is coming back. */
export type TileConnection = 'good' | 'fair' | 'poor' | 'lost' | 'reconnecting';

/** What a connection suffers from, the worst first told. */
export type ConnectionHint = 'upload' | 'download' | 'processor' | 'loss' | 'delay' | 'detour';

/** What is sent or received of one source. Rates in bit/s. */
export interface ConnectionRow {
  readonly id: string;
  readonly self: boolean;
  /** Whose it is; undefined: whoever speaks, or not known yet. */
  readonly name: string | undefined;
  readonly source: Source;
  readonly bitrate: number;
  /** A picture is sent in several sizes at a time, here the largest first; everything else is one layer. */
  readonly layers: readonly ConnectionLayer[];
}

export interface ConnectionLayer {
  readonly codec: string;
  readonly bitrate: number;
  /** Of the packets, 0 to 1. */
  readonly loss: number;
  readonly size: { width: number; height: number } | undefined;
  readonly framesPerSecond: number;
}

/** How the page is connected. Rates in bit/s, times in ms. */
export interface ConnectionReport {
  readonly protocol: 'udp' | 'tcp' | undefined;
  readonly roundTrip: number;
  readonly up: number;
  readonly down: number;
  /** Of that, what was sent again, to repair or to probe the network. */
  readonly repeatedUp: number;
  readonly repeatedDown: number;
  /** What the connection is thought to carry; 0: not known, or more than is needed. */
  readonly roomUp: number;
  readonly roomDown: number;
  /** Of the packets, 0 to 1. */
  readonly lossUp: number;
  readonly lossDown: number;
  readonly rows: ConnectionRow[];
  readonly hint: ConnectionHint | undefined;
}

/** The own connection. */
export interface Connection {
  /** Undefined before the first look. */
  readonly report: ConnectionReport | undefined;
  /** Looks now and then until the function that it gives is called. */
  watch(): () => void;
}

/** A rectangle of the meeting: somebody's camera (or initials without one), or a shared screen. */
export interface Tile {
  readonly id: string;
  readonly participantId: string;
  /** The participant's name. */
  readonly name: string;
  readonly kind: 'camera' | 'screen';
  readonly self: boolean;
  /** The video to show; undefined: none is sent, show initials. */
  readonly stream: MediaStream | undefined;
  /** Width by height of what is sent, when known. */
  readonly aspect: number | undefined;
  /** A tint made from the participant's id, 0 to 359. */
  readonly hue: number;
  readonly muted: boolean;
  readonly speaking: boolean;
  /** Whether this is the camera tile of who speaks most. */
  readonly dominant: boolean;
  readonly connection: TileConnection;
  /** Whether the network carries less of this picture than the page could show. */
  readonly limited: boolean;
  /** Whether the network carries none of it for now. */
  readonly paused: boolean;
  /** The place among the raised hands, from 1; on camera tiles. */
  readonly hand: number | undefined;
  /** What the person just reacted with; on camera tiles. */
  readonly reaction: Reaction | undefined;
  /** Stops an own screen. */
  readonly stop?: () => void;
}

/** Somebody in the roster. */
export interface Person {
  readonly id: string;
  readonly name: string;
  /** A mark such as "2" when others bear the same name. */
  readonly distinct: string | undefined;
  readonly self: boolean;
  readonly muted: boolean;
  readonly cameraOn: boolean;
  readonly sharing: boolean;
  readonly speaking: boolean;
  readonly connection: TileConnection;
  readonly role: Role;
  /** How the server knows the name; a guest's is nobody's word but the guest's. */
  readonly identity: Identity;
  /** The place among the raised hands, from 1. */
  readonly hand: number | undefined;
  /** Silenced by the panic button, and not brought back yet. */
  readonly halted: boolean;
}

/**
 * - joined, left, lost: people came, went, or dropped out (names, count);
 * - sharing: somebody began to share a screen (names);
 * - camera-lost, microphone-lost, speaker-lost: the device in use is gone (device: the one used now, if any);
 * - camera-new, microphone-new, speaker-new: another one was plugged in (device; action: use it);
 * - camera-changed, microphone-changed: the system's default device is another one, and used now (device);
 * - camera-failed, microphone-failed, screen-failed: it could not be switched on;
 * - sound-blocked: the browser plays no sound before the person allows it (action: allow);
 * - back: the meeting was rejoined after the server or the network was gone;
 * - trouble: the connection suffers from something for a while (hint);
 * - media-lost, media-back: no media passes, and passes again;
 * - metered: pictures come small, as data may cost money;
 * - removed: people were taken out (names, count);
 * - knocking: people came to the door (names, count); time for a chime, Meeting.knocks has them;
 * - hand: somebody raised a hand (names, count), for those who moderate;
 * - message: a message came while the chat was closed (names: the sender, private: only for oneself);
 * - asked-microphone, asked-camera: somebody asks to switch it on (names; action: switch on);
 * - stopped-microphone, stopped-camera, stopped-screen, lowered-hand, renamed, rights-changed, retracted, restored:
 *   what was done to oneself (names: by whom, or nobody when that is unknown);
 * - role-changed: likewise (role: the new one);
 * - locked, unlocked: the meeting admits nobody now, or does again;
 * - failed: an act of one's own didn't work (failure).
 */
export type NoticeKind =
  | 'joined'
  | 'left'
  | 'lost'
  | 'sharing'
  | 'camera-lost'
  | 'microphone-lost'
  | 'speaker-lost'
  | 'camera-new'
  | 'microphone-new'
  | 'speaker-new'
  | 'camera-changed'
  | 'microphone-changed'
  | 'camera-failed'
  | 'microphone-failed'
  | 'screen-failed'
  | 'sound-blocked'
  | 'back'
  | 'trouble'
  | 'media-lost'
  | 'metered'
  | 'media-back'
  | 'removed'
  | 'knocking'
  | 'hand'
  | 'message'
  | 'asked-microphone'
  | 'asked-camera'
  | 'stopped-microphone'
  | 'stopped-camera'
  | 'stopped-screen'
  | 'lowered-hand'
  | 'renamed'
  | 'role-changed'
  | 'rights-changed'
  | 'retracted'
  | 'restored'
  | 'locked'
  | 'unlocked'
  | 'failed';

/** A line that tells what happened; it goes away by itself, 'sound-blocked' excepted. */
export interface Notice {
  readonly id: number;
  readonly kind: NoticeKind;
  /** The first few names; count tells how many there are in all. */
  readonly names: string[];
  readonly count: number;
  /** What the browser calls the device that this is about. */
  readonly device?: string;
  readonly role?: Role;
  readonly failure?: Failure;
  readonly hint?: ConnectionHint;
  /** Of a message: nobody else reads it. */
  readonly private?: boolean;
  readonly action?: () => void;
}
