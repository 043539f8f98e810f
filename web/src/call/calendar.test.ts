import { describe, expect, it } from 'vitest';
import { calendarText } from './calendar';

const event = {
  uid: 'id@meet.example',
  summary: 'Board; all, of us',
  description: 'Line 1\nLine 2 \\ end',
  address: 'https://meet.example/board#invite=abc',
  startsAt: new Date('2026-03-01T18:00:00.000Z'),
  endsAt: new Date('2026-03-01T19:30:00.000Z'),
  madeAt: new Date('2026-02-01T08:09:10.123Z'),
};

describe('calendarText', () => {
  it('is a calendar with one entry', () => {
    expect(calendarText(event).split('\r\n')).toEqual([
      'BEGIN:VCALENDAR',
      'VERSION:2.0',
      'PRODID:-//Stube//Stube//EN',
      'BEGIN:VEVENT',
      'UID:id@meet.example',
      'DTSTAMP:20260201T080910Z',
      'DTSTART:20260301T180000Z',
      'DTEND:20260301T193000Z',
      'SUMMARY:Board\\; all\\, of us',
      'DESCRIPTION:Line 1\\nLine 2 \\\\ end',
      'LOCATION:https://meet.example/board#invite=abc',
      'URL:https://meet.example/board#invite=abc',
      'END:VEVENT',
      'END:VCALENDAR',
      '',
    ]);
  });

  it('folds long lines between characters', () => {
    const text = calendarText({ ...event, description: 'ä😀'.repeat(40) });
    for (const line of text.split('\r\n')) {
      expect(new TextEncoder().encode(line).length).toBeLessThanOrEqual(75);
    }
    expect(text.replaceAll('\r\n ', '')).toContain('ä😀'.repeat(40));
  });

  it('lets no text begin a line of its own', () => {
    const text = calendarText({ ...event, summary: 'x\r\nATTACH:http://evil.example', uid: 'a\u0000b\rc' });
    expect(text.split('\r\n').filter((line) => line.startsWith('ATTACH'))).toEqual([]);
    expect(text).toContain('UID:ab\\nc');
  });
});
