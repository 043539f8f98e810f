import type { Participant, Right, Role, Settings } from '../signal/protocol.gen';

/** All rights, in the order in which they are shown. */
export const allRights: readonly Right[] = [
  'microphone',
  'camera',
  'screen',
  'group-chat',
  'private-chat',
  'file',
  'whiteboard',
  'poll',
  'reaction',
  'rename',
  'record',
  'invite',
  'admit',
  'moderate',
];

/** All roles, the highest first. */
export const allRoles: readonly Role[] = ['host', 'moderator', 'participant', 'viewer'];

/** What somebody may do by role and exceptions, as long as neither the panic button nor an absent host forbid it. */
export function rightsOf(participant: Participant, settings: Settings | undefined): Right[] {
  const { role, allowed = [], denied = [] } = participant;
  if (role === 'host') return [...allRights];
  const byRole = settings?.rights?.[role] ?? [];
  return allRights.filter(
    (right) => (byRole.includes(right) || allowed.includes(right)) && !denied.includes(right),
  );
}

/**
 * Whether somebody who may moderate can act on another, as far as the page can tell; the server decides. Only hosts
 * act on hosts, a guest on none who is known, and otherwise nobody on somebody who may moderate too.
 */
export function mayActOn(actor: Participant, target: Participant, settings: Settings | undefined): boolean {
  if (target.role === 'host') return actor.role === 'host' && (known(actor) || !known(target));
  return actor.role === 'host' || !rightsOf(target, settings).includes('moderate');
}

function known(participant: Participant): boolean {
  return participant.identity.kind === 'account' || participant.identity.kind === 'token';
}
