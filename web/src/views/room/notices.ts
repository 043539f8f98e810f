import type { Language, Notice } from '../../call/model';
import { joinNames } from '../../i18n/locale';
import { m } from '../../i18n/paraglide/messages.js';

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
    case 'media-back':
      return m.notice_media_back();
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
    default:
      return m.try_again();
  }
}
