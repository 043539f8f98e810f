import type { AccountFailure } from '../../account/model';
import { m } from '../../i18n/paraglide/messages.js';

/** What to say about something that didn't work with an account; a dialog that somebody closed needs no words. */
export function accountFailureWords(failure: AccountFailure | undefined): string | undefined {
  switch (failure) {
    case undefined:
    case 'cancelled':
      return undefined;
    case 'network':
      return `${m.failure_network()} ${m.failure_network_cure()}`;
    case 'rate_limited':
      return `${m.failure_rate()} ${m.failure_rate_cure()}`;
    case 'browser':
    case 'no_passkeys':
      return m.account_no_passkeys();
    case 'insecure':
      return m.account_insecure();
    case 'not_signed_in':
      return m.account_signed_out();
    case 'not_recent':
      return m.account_not_recent();
    case 'forbidden':
      return m.account_forbidden();
    case 'wrong_credentials':
      return m.account_wrong();
    case 'expired':
      return m.account_expired();
    case 'link_ended':
      return m.setup_ended_cure();
    case 'invalid_name':
      return `${m.failure_name()} ${m.failure_name_cure()}`;
    case 'name_taken':
      return m.account_name_taken();
    case 'weak_password':
      return m.account_weak();
    case 'too_many_passkeys':
      return m.account_many_passkeys();
    case 'last_way_in':
      return m.account_last_way();
    case 'provider_unavailable':
      return m.account_provider_away();
    case 'provider_failed':
      return m.account_provider_failed();
    default:
      return `${m.failure_program()} ${m.failure_program_cure()}`;
  }
}
