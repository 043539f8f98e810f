/** A meeting in a calendar. */
export interface CalendarEvent {
  /** Tells two entries apart; the same one again changes the entry. */
  uid: string;
  summary: string;
  description: string;
  address: string;
  startsAt: Date;
  endsAt: Date;
  /** When the file was made. */
  madeAt: Date;
}

/** The text of a calendar file (RFC 5545). It has no METHOD, which would need an organizer's e-mail (RFC 5546). */
export function calendarText(event: CalendarEvent): string {
  const lines = [
    'BEGIN:VCALENDAR',
    'VERSION:2.0',
    'PRODID:-//Stube//Stube//EN',
    'BEGIN:VEVENT',
    `UID:${text(event.uid)}`,
    `DTSTAMP:${time(event.madeAt)}`,
    `DTSTART:${time(event.startsAt)}`,
    `DTEND:${time(event.endsAt)}`,
    `SUMMARY:${text(event.summary)}`,
    `DESCRIPTION:${text(event.description)}`,
    `LOCATION:${text(event.address)}`,
    `URL:${event.address.replace(/[\r\n]/g, '')}`,
    'END:VEVENT',
    'END:VCALENDAR',
  ];
  return lines.map(fold).join('\r\n') + '\r\n';
}

/** RFC 5545 section 3.3.11. */
function text(value: string): string {
  return value
    .replace(/[\\;,]/g, '\\$&')
    .replace(/\r\n|\r|\n/g, '\\n')
    .replace(/\p{Cc}/gu, '');
}

/** RFC 5545 section 3.3.5, in UTC. */
function time(date: Date): string {
  return date.toISOString().replace(/[-:]|\.\d+/g, '');
}

/** Lines of at most 75 octets, none cut within a character (RFC 5545 section 3.1). */
function fold(line: string): string {
  const encoder = new TextEncoder();
  let folded = '';
  let length = 0;
  for (const character of line) {
    const octets = encoder.encode(character).length;
    if (length + octets > 75) {
      folded += '\r\n ';
      length = 1;
    }
    folded += character;
    length += octets;
  }
  return folded;
}
