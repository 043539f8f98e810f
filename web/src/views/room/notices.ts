import type { Language, Notice } from '../../call/model';
import { joinNames } from '../../i18n/locale';
import { m } from '../../i18n/paraglide/messages.js';
import { hintWords } from './hints';
import { failureWords } from '../ending';
import { roleWords } from '../words';

/** The words of a notice. */
export function noticeText(notice: Notice, language: Language): string {
  const rest = notice.count - notice.names.length;
  const listed = rest > 0 ? [...notice.names, m.names_more({ count: rest })] : notice.names;
  const people = { names: joinNames(listed, language), count: notice.count };
  const { device = '' } = notice;
  switch (notice.kind) {
    case 'joined':
      return m.notice_joined(people);
    case 'left':
      return m.notice_left(people);
    case 'lost':
      return m.notice_lost(people);
    case 'sharing':
      return m.notice_sharing(people);
    case 'camera-lost':
      return device ? m.notice_camera_replaced({ device }) : m.notice_camera_gone();
    case 'microphone-lost':
      return device ? m.notice_microphone_replaced({ device }) : m.notice_microphone_gone();
    case 'speaker-lost':
      return device ? m.notice_speaker_replaced({ device }) : m.notice_speaker_gone();
    case 'camera-new':
      return m.notice_camera_new({ device });
    case 'microphone-new':
      return m.notice_microphone_new({ device });
    case 'speaker-new':
      return m.notice_speaker_new({ device });
    case 'camera-changed':
      return m.notice_camera_changed({ device });
    case 'microphone-changed':
      return m.notice_microphone_changed({ device });
    case 'camera-failed':
      return m.notice_camera_failed();
    case 'microphone-failed':
      return m.notice_microphone_failed();
    case 'screen-failed':
      return m.notice_screen_failed();
    case 'sound-blocked':
      return m.notice_sound_blocked();
    case 'back':
      return m.notice_back();
    case 'media-lost':
      return m.notice_media_lost();
    case 'metered':
      return m.notice_metered();
    case 'media-back':
      return m.notice_media_back();
    case 'trouble':
      return notice.hint ? hintWords(notice.hint) : '';
    default:
      return companyText(notice, people);
  }
}

/** The words of a notice about what people do, and what is done to oneself. */
function companyText(notice: Notice, people: { names: string; count: number }): string {
  const by = people.names;
  switch (notice.kind) {
    case 'removed':
      return m.notice_removed(people);
    case 'knocking':
      return m.notice_knocking(people);
    case 'hand':
      return m.notice_hand(people);
    case 'message':
      return notice.private ? m.notice_private_message({ name: by }) : m.notice_message({ name: by });
    case 'asked-microphone':
      return by ? m.notice_asked_microphone({ name: by }) : m.notice_asked_microphone_host();
    case 'asked-camera':
      return by ? m.notice_asked_camera({ name: by }) : m.notice_asked_camera_host();
    case 'stopped-microphone':
      return by ? m.notice_stopped_microphone({ name: by }) : m.notice_stopped_microphone_host();
    case 'stopped-camera':
      return by ? m.notice_stopped_camera({ name: by }) : m.notice_stopped_camera_host();
    case 'stopped-screen':
      return by ? m.notice_stopped_screen({ name: by }) : m.notice_stopped_screen_host();
    case 'lowered-hand':
      return m.notice_lowered_hand();
    case 'renamed':
      return m.notice_renamed();
    case 'role-changed':
      return notice.role ? m.notice_role({ role: roleWords(notice.role) }) : '';
    case 'rights-changed':
      return m.notice_rights();
    case 'retracted':
      return m.notice_retracted();
    case 'restored':
      return m.notice_restored();
    case 'locked':
      return m.notice_locked();
    case 'unlocked':
      return m.notice_unlocked();
    case 'failed': {
      const { title, cure } = failureWords(notice.failure);
      return `${title} ${cure}`;
    }
    default:
      return '';
  }
}

/** The words of the button that does what a notice offers. */
export function noticeAction(notice: Notice): string {
  switch (notice.kind) {
    case 'sound-blocked':
      return m.action_play();
    case 'camera-new':
    case 'microphone-new':
    case 'speaker-new':
      return m.action_use();
    case 'knocking':
      return m.admit();
    case 'message':
      return m.chat_open();
    case 'asked-microphone':
      return m.microphone_unmute();
    case 'asked-camera':
      return m.camera_start();
    default:
      return m.try_again();
  }
}
