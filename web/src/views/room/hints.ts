import type { ConnectionHint } from '../../call/model';
import { m } from '../../i18n/paraglide/messages.js';

/** What a connection suffers from, and what helps. */
export function hintWords(hint: ConnectionHint): string {
  switch (hint) {
    case 'upload':
      return m.hint_upload();
    case 'download':
      return m.hint_download();
    case 'processor':
      return m.hint_processor();
    case 'loss':
      return m.hint_loss();
    case 'delay':
      return m.hint_delay();
    case 'detour':
      return m.hint_detour();
  }
}
