import type { InvitationKind } from '../signal/protocol.gen';
import { calendarText } from './calendar';
import { qrCode } from './qr';
import type { InvitationCard } from './seam/invitations';

/** How long a meeting takes in a calendar when nobody said, in ms. */
const usualLength = 60 * 60 * 1000;

/** What an invitation tells of its meeting. */
export interface CardDetails {
  /** The meeting's address without a secret. */
  address: string;
  secret?: string;
  id?: string;
  kind?: InvitationKind;
  name?: string;
  title: string;
  inviter: string;
  language: string;
  password: boolean;
  startsAt?: Date | undefined;
  endsAt?: Date | undefined;
}

/** All that is needed to hand an invitation on. */
export function invitationCard(details: CardDetails): InvitationCard {
  const { address, secret, id, kind, name = '', title, inviter, language, password } = details;
  const { startsAt, endsAt } = details;
  const { host, hostname } = new URL(address);
  // The server's name goes along, so that the page notices when the link leads elsewhere than it was made for.
  const link = secret === undefined ? address : `${address}#invite=${secret}&server=${host}`;
  return {
    link,
    kind,
    name,
    title,
    inviter,
    domain: hostname,
    language,
    password,
    startsAt,
    endsAt,
    qr: () => qrCode(link),
    calendar: ({ summary, description }) => {
      const madeAt = new Date();
      const start = startsAt ?? nextHour(madeAt);
      const text = calendarText({
        uid: `${id ?? crypto.randomUUID()}@${hostname}`,
        summary,
        description,
        address: link,
        startsAt: start,
        endsAt: endsAt ?? new Date(start.getTime() + usualLength),
        madeAt,
      });
      return new File([text], 'meeting.ics', { type: 'text/calendar' });
    },
  };
}

/** The next full hour, for a meeting without a time. */
function nextHour(now: Date): Date {
  const next = new Date(now);
  next.setHours(now.getHours() + 1, 0, 0, 0);
  return next;
}
