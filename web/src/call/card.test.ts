import { describe, expect, it } from 'vitest';
import { invitationCard } from './card';

const details = {
  address: 'https://meet.example/board',
  title: 'Board',
  inviter: 'Ada',
  language: 'de',
  password: false,
};

describe('invitationCard', () => {
  it('criterion 4: has the secret in the fragment only, and there the server too', () => {
    const card = invitationCard({ ...details, secret: 'abc', kind: 'personal', name: 'Ben' });
    const url = new URL(card.link);
    expect(url.hash).toBe('#invite=abc&server=meet.example');
    expect(url.pathname + url.search).toBe('/board');
    expect(card).toMatchObject({ domain: 'meet.example', kind: 'personal', name: 'Ben', title: 'Board' });
  });

  it('names the server with its port', () => {
    const { link } = invitationCard({ ...details, address: 'http://[::1]:8080/board', secret: 'abc' });
    expect(link).toBe('http://[::1]:8080/board#invite=abc&server=[::1]:8080');
    expect(invitationCard(details).link).toBe(details.address);
  });

  it('makes a QR code', async () => {
    const { size, path } = await invitationCard(details).qr();
    expect(size).toBeGreaterThan(25 + 2 * 4 - 1);
    // The corner that readers look for: seven dark squares, behind the quiet edge.
    expect(path).toMatch(/^M4 4h7v1h-7z/);
  });

  it('makes a calendar file, with a time in any case', async () => {
    const startsAt = new Date('2026-03-01T18:00:00Z');
    const words = { summary: 'Treffen', description: 'Kommen Sie' };
    const file = invitationCard({ ...details, startsAt, id: 'i' }).calendar(words);
    expect(file.name).toBe('meeting.ics');
    const text = await file.text();
    expect(text).toContain('DTSTART:20260301T180000Z\r\nDTEND:20260301T190000Z');
    expect(text).toContain('UID:i@meet.example');
    expect(await invitationCard(details).calendar(words).text()).toMatch(/DTSTART:\d{8}T\d{4}00Z/);
  });
});
