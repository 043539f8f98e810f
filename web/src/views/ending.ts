import type { Failure } from '../call/model';
import { m } from '../i18n/paraglide/messages.js';

/** What happened, and what to do now. */
export interface Words {
  title: string;
  cure: string;
}

/** The words for a check of the connection that failed. */
export function checkFailure(failure: Failure): Words {
  if (failure === 'network') return { title: m.way_none(), cure: m.way_none_cure() };
  if (failure === 'try_later') return { title: m.failure_rate(), cure: m.failure_rate_cure() };
  return failureWords(failure);
}

/** The words for a failure; those that only a mistake of the program can cause share one text. */
export function failureWords(failure: Failure | undefined): Words {
  switch (failure) {
    case 'network':
      return { title: m.failure_network(), cure: m.failure_network_cure() };
    case 'browser':
    case 'unsupported_media':
      return { title: m.failure_browser(), cure: m.failure_browser_cure() };
    case 'room_full':
      return { title: m.failure_room_full(), cure: m.failure_room_full_cure() };
    case 'server_full':
      return { title: m.failure_server_full(), cure: m.failure_server_full_cure() };
    case 'server_busy':
      return { title: m.failure_server_busy(), cure: m.failure_server_busy_cure() };
    case 'invalid_name':
      return { title: m.failure_name(), cure: m.failure_name_cure() };
    case 'invalid_room':
    case 'not_found':
      return { title: m.failure_room(), cure: m.failure_room_cure() };
    case 'forbidden':
      return { title: m.failure_not_allowed(), cure: m.failure_not_allowed_cure() };
    case 'resume_expired':
      return { title: m.failure_away(), cure: m.failure_away_cure() };
    case 'replaced':
      return { title: m.failure_replaced(), cure: m.failure_replaced_cure() };
    case 'shutting_down':
      return { title: m.failure_restart(), cure: m.failure_restart_cure() };
    case 'slow_reader':
      return { title: m.failure_slow(), cure: m.failure_slow_cure() };
    case 'rate_limited':
      return { title: m.failure_rate(), cure: m.failure_rate_cure() };
    case 'gone':
      return { title: m.failure_gone(), cure: m.failure_gone_cure() };
    case 'refused':
      return { title: m.failure_refused(), cure: m.failure_refused_cure() };
    case 'banned':
      return { title: m.failure_removed(), cure: m.failure_banned_cure() };
    case 'removed':
      return { title: m.failure_removed(), cure: m.failure_removed_cure() };
    case 'locked':
      return { title: m.failure_locked(), cure: m.failure_locked_cure() };
    case 'ended':
      return { title: m.ended_title(), cure: m.failure_ended_cure() };
    case 'try_later':
      return { title: m.failure_later(), cure: m.failure_rate_cure() };
    case 'password_required':
    case 'wrong_password':
      return { title: m.failure_password(), cure: m.failure_password_cure() };
    case 'invite_invalid':
      return { title: m.link_invalid(), cure: m.link_invalid_cure() };
    case 'invite_in_use':
      return { title: m.link_in_use(), cure: m.link_in_use_cure() };
    case 'token_invalid':
      return { title: m.failure_token(), cure: m.failure_token_cure() };
    case 'log_in_required':
      return { title: m.failure_log_in(), cure: m.failure_log_in_cure() };
    case 'logged_out':
      return { title: m.failure_logged_out(), cure: m.failure_logged_out_cure() };
    case 'invalid_text':
      return { title: m.failure_text(), cure: m.failure_text_cure() };
    case 'too_many':
      return { title: m.failure_many(), cure: m.failure_many_cure() };
    default:
      return { title: m.failure_program(), cure: m.failure_program_cure() };
  }
}
