import type { InvitationCard, Language } from '../../call/model';
import { m } from '../../i18n/paraglide/messages.js';
import { dayAndTime } from '../time';

/** The language of the words around an invitation: the meeting's, as far as the page speaks it. */
export function cardLanguage(card: InvitationCard, fallback: Language): Language {
  if (card.language.startsWith('de')) return 'de';
  return card.language.startsWith('en') ? 'en' : fallback;
}

/** What a calendar and a letter say above all. */
export function invitationTitle(card: InvitationCard, locale: Language): string {
  return card.title || m.card_title({ name: card.inviter }, { locale });
}

/** The words to send, with the link. */
export function invitationText(card: InvitationCard, locale: Language): string {
  const lines = [
    card.name ? m.card_hello({ name: card.name }, { locale }) : undefined,
    card.title
      ? m.card_invites_to({ name: card.inviter, title: card.title }, { locale })
      : m.card_invites({ name: card.inviter }, { locale }),
    card.startsAt ? m.card_when({ time: dayAndTime(card.startsAt, locale) }, { locale }) : undefined,
    '',
    card.link,
    '',
    card.kind === 'personal' ? m.card_personal({}, { locale }) : undefined,
    card.password ? m.card_password({}, { locale }) : undefined,
    m.card_server({ domain: card.domain }, { locale }),
  ];
  return lines.filter((line) => line !== undefined).join('\n');
}
