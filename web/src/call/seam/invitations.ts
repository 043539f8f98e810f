/** The seam for inviting people, and for the rooms that an account keeps. */
import type { InvitationKind, NamedRoom, Preset, Role, RoleRights } from '../../signal/protocol.gen';
import type { Failure } from '../model';
import type { Outcome } from './entry';

export interface InvitationDraft {
  kind: InvitationKind;
  /** Of the person; needed for a personal link. */
  name: string;
  role: Role;
  /** How long it holds; 0: as long as the room. */
  minutes: number;
}

/** A link as hosts see it in the list: without its secret, which is told only once. */
export interface Invitation {
  readonly id: string;
  readonly kind: InvitationKind;
  readonly name: string;
  readonly role: Role;
  readonly inviter: string;
  readonly createdAt: Date;
  readonly expiresAt: Date | undefined;
  /** Its holder is in the meeting or at its door. */
  readonly inUse: boolean;
  readonly revoke?: () => Outcome;
}

/** A matrix of dark and light squares, as a path for <svg viewBox="0 0 size size">; the quiet edge is included. */
export interface QRCode {
  readonly size: number;
  readonly path: string;
}

/** All that is needed to hand an invitation on. Words around it come from the views, in `language`. */
export interface InvitationCard {
  /** The address, its secret in the fragment. */
  readonly link: string;
  readonly kind: InvitationKind | undefined;
  /** For whom; empty for a group. */
  readonly name: string;
  readonly title: string;
  /** The name of who invites. */
  readonly inviter: string;
  readonly domain: string;
  /** The meeting's language, or else the page's. */
  readonly language: string;
  readonly password: boolean;
  readonly startsAt: Date | undefined;
  readonly endsAt: Date | undefined;
  qr(): Promise<QRCode>;
  /** A calendar file (.ics) with these words. */
  calendar(words: { summary: string; description: string }): File;
}

export interface Invitations {
  /** Undefined until it was read by load(). */
  readonly list: readonly Invitation[] | undefined;
  /** Roles that one may give. */
  readonly roles: readonly Role[];
  load(): Outcome;
  readonly create?: (draft: InvitationDraft) => Promise<InvitationCard | Failure>;
}

/** The rooms that the account keeps. */
export interface NamedRooms {
  /** Undefined until load() was successful. */
  readonly list: readonly NamedRoom[] | undefined;
  load(): Outcome;
  /** Makes a room, or changes the one of this name. Password: absent leaves it, '' takes it away. */
  save(room: NamedRoom): Outcome;
  remove(name: string): Outcome;
  /** What a preset gives; undefined until load() was successful. */
  rightsOf(preset: Preset): RoleRights | undefined;
  /** The links to one of them. */
  invitations(name: string): Invitations;
}
