import type { Action, LogEntry, Role } from '../../../signal/protocol.gen';
import { m } from '../../../i18n/paraglide/messages.js';
import { roleWords } from '../../words';

/** What was done, without by whom and to whom. */
export function actionWords(action: Action): string {
  const words: Record<Action, () => string> = {
    microphone: m.log_microphone,
    camera: m.log_camera,
    screen: m.log_screen,
    hand: m.log_hand,
    rename: m.log_rename,
    role: m.log_role,
    rights: m.log_rights,
    retract: m.log_retract,
    restore: m.log_restore,
    ask: m.log_ask,
    start: m.log_start,
    admit: m.log_admit,
    refuse: m.log_refuse,
    block: m.log_block,
    remove: m.log_remove,
    ban: m.log_ban,
    'lift-ban': m.log_lift_ban,
    settings: m.log_settings,
    lock: m.log_lock,
    unlock: m.log_unlock,
    panic: m.log_panic,
    invite: m.log_invite,
    revoke: m.log_revoke,
    hold: m.log_hold,
    resume: m.log_resume,
  };
  return words[action]();
}

/** The rest of an entry: a role in words, names and settings as they are. */
export function detailWords({ action, detail = '' }: LogEntry): string {
  const roles: readonly string[] = ['host', 'moderator', 'participant', 'viewer'] satisfies Role[];
  return action === 'role' && roles.includes(detail) ? roleWords(detail as Role) : detail;
}

/** The log as a table with a head, its times in ISO 8601. */
export function logTable(entries: readonly LogEntry[]): string[][] {
  const rows = entries.map((entry) => [
    new Date(entry.at).toISOString(),
    actionWords(entry.action),
    entry.whom ?? '',
    entry.by ?? '',
    detailWords(entry),
  ]);
  return [[m.log_time(), m.log_what(), m.log_whom(), m.log_by(), m.log_detail()], ...rows];
}
