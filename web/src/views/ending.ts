import type { Failure } from '../call/model';
import { m } from '../i18n/paraglide/messages.js';

/** What happened, and what to do now. */
export interface Words {
  title: string;
  cure: string;
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
    case 'invalid_name':
      return { title: m.failure_name(), cure: m.failure_name_cure() };
    case 'invalid_room':
    case 'not_found':
      return { title: m.failure_room(), cure: m.failure_room_cure() };
    case 'forbidden':
      return { title: m.failure_forbidden(), cure: m.failure_forbidden_cure() };
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
    default:
      return { title: m.failure_program(), cure: m.failure_program_cure() };
  }
}
