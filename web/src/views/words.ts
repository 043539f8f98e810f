/** The words for roles, rights and the like, which many views share. */
import type {
  Identity,
  IdentityKind,
  LobbyMode,
  Preset,
  Reaction,
  Right,
  Role,
} from '../signal/protocol.gen';
import { m } from '../i18n/paraglide/messages.js';

/** A choice of a Select. */
export interface Choice {
  id: string;
  name: string;
}

export function roleWords(role: Role): string {
  switch (role) {
    case 'host':
      return m.role_host();
    case 'moderator':
      return m.role_moderator();
    case 'participant':
      return m.role_participant();
    case 'viewer':
      return m.role_viewer();
  }
}

export function rightWords(right: Right): string {
  switch (right) {
    case 'microphone':
      return m.microphone();
    case 'camera':
      return m.camera();
    case 'screen':
      return m.screen_share();
    case 'group-chat':
      return m.right_group_chat();
    case 'private-chat':
      return m.right_private_chat();
    case 'file':
      return m.right_file();
    case 'whiteboard':
      return m.right_whiteboard();
    case 'poll':
      return m.right_poll();
    case 'reaction':
      return m.right_reaction();
    case 'rename':
      return m.rename();
    case 'record':
      return m.right_record();
    case 'invite':
      return m.right_invite();
    case 'admit':
      return m.right_admit();
    case 'moderate':
      return m.right_moderate();
  }
}

/** How the server knows somebody's name. */
export function identityWords({ kind, provider }: Identity): string {
  switch (kind) {
    case 'guest':
      return m.identity_guest();
    case 'invited':
      return m.identity_invited();
    case 'account':
      return provider ? m.identity_by({ provider }) : m.identity_here();
    case 'token':
      return provider ? m.identity_token({ provider }) : m.identity_token_plain();
  }
}

/** Whether somebody else than the person vouches for the name. */
export function verified(kind: IdentityKind): boolean {
  return kind === 'account' || kind === 'token';
}

export function lobbyChoices(): (Choice & { id: LobbyMode })[] {
  return [
    { id: 'guests', name: m.lobby_guests() },
    { id: 'everyone', name: m.lobby_everyone() },
    { id: 'off', name: m.lobby_off() },
  ];
}

/** The presets that can be chosen; 'custom' comes from single rights. */
export function presetChoices(): (Choice & { id: Preset; hint: string })[] {
  return [
    { id: 'conversation', name: m.preset_conversation(), hint: m.preset_conversation_hint() },
    { id: 'class', name: m.preset_class(), hint: m.preset_class_hint() },
    { id: 'webinar', name: m.preset_webinar(), hint: m.preset_webinar_hint() },
  ];
}

/** For how long a meeting may go on, in minutes. */
export function lengthChoices(chosen = 0): Choice[] {
  const minutes = [0, 30, 45, 60, 90, 120, 180, 240, 480];
  if (!minutes.includes(chosen)) minutes.push(chosen);
  return minutes.map((count) => ({
    id: String(count),
    name: count === 0 ? m.length_unlimited() : m.length_minutes({ count }),
  }));
}

export function reactionWords(reaction: Reaction): string {
  switch (reaction) {
    case 'thumbs-up':
      return m.reaction_thumbs_up();
    case 'thumbs-down':
      return m.reaction_thumbs_down();
    case 'applause':
      return m.reaction_applause();
    case 'heart':
      return m.reaction_heart();
    case 'laughter':
      return m.reaction_laughter();
    case 'surprise':
      return m.reaction_surprise();
    case 'party':
      return m.reaction_party();
  }
}
