import { expect } from 'vitest';
import { flow } from '../harness/flow';
import { meetingOf, startMeeting } from '../harness/host';
import { number } from '../harness/reading';

/** Where the requests of a page went. */
function hosts(sent: string[]): Set<string> {
  return new Set(sent.map((head) => new URL(head.split(' ')[0] ?? '').host));
}

flow('criterion 17: a whole meeting asks nobody but its server for anything', async ({ stage }) => {
  const [anna] = await stage.meet('Anna Ahorn');
  const bert = await stage.person('Bert Birke');
  const { page } = bert.tab;
  await page.addInitScript(() => {
    const servers: RTCIceServer[] = [];
    Object.assign(window, { iceServers: servers });
    window.RTCPeerConnection = class extends window.RTCPeerConnection {
      constructor(configuration?: RTCConfiguration) {
        super(configuration);
        servers.push(...(configuration?.iceServers ?? []));
      }
    };
  });
  await bert.tab.open(`${stage.origin}/`);
  await bert.tab.open(`${stage.origin}/-/privacy`);
  await page.getByRole('heading', { level: 1 }).waitFor();
  await bert.join(stage.room);
  await bert.sees(anna.name);
  await bert.tab.click('Participants');
  await bert.tab.click('Chat');
  await bert.tab.fill('Message', 'https://example.org/picture.png');
  await page.keyboard.press('Enter');
  await bert.tab.click('Settings');
  await page.getByRole('dialog', { name: 'Settings' }).waitFor();
  await page.keyboard.press('Escape');
  await bert.tab.click('Leave');
  await anna.misses(bert.name);
  for (const { tab } of [anna, bert]) expect([...hosts(tab.sent)]).toEqual([new URL(stage.origin).host]);
  expect(await page.evaluate(() => (window as unknown as { iceServers: unknown[] }).iceServers)).toEqual([]);
});

flow('criterion 21: a browser is told the addresses of the server only', async ({ stage }) => {
  const [anna, bert] = await stage.meet('Anna Ahorn', 'Bert Birke');
  await anna.sees(bert.name);
  await bert.sees(anna.name);
  for (const person of [anna, bert]) {
    const { connections } = await person.read();
    const told = connections.flat().filter(({ type }) => type === 'remote-candidate');
    expect(told.length).toBeGreaterThan(0);
    expect(new Set(told.map(({ port }) => number(port)))).toEqual(new Set([stage.server.port]));
  }
});

flow('criterion 22: what others write loads nothing and runs nothing', async ({ stage }) => {
  const [anna, bert] = await stage.meet('Anna Ahorn', 'Bert Birke');
  const { page } = anna.tab;
  const picture = `<img src="https://example.org/a.png" onerror="document.title='ran'">`;
  await bert.tab.click('Chat');
  for (const text of [picture, '![b](https://example.org/b.png)', 'see https://example.org/c.gif']) {
    await bert.tab.fill('Message', text);
    await bert.tab.page.keyboard.press('Enter');
  }
  await anna.tab.click('Chat, 3 new messages');
  const chat = page.getByRole('complementary', { name: 'Chat' });
  const link = chat.getByRole('link', { name: 'https://example.org/c.gif' });
  await link.waitFor();
  await chat.getByText(picture.slice(0, 10)).waitFor(); // as text
  expect(await chat.locator('img, iframe, video, audio, object, embed').count()).toBe(0);
  expect(await link.getAttribute('rel')).toMatch(/noopener.*noreferrer|noreferrer.*noopener/);
  expect(await page.title()).not.toBe('ran');
  for (const { tab } of [anna, bert]) expect([...hosts(tab.sent)]).toEqual([new URL(stage.origin).host]);

  // What slipped through would be stopped by the page's policy.
  anna.tab.complaints.expect(/example\.org|Content Security Policy/);
  const refused = await page.evaluate(
    () =>
      new Promise<string>((resolve) => {
        document.addEventListener('securitypolicyviolation', ({ effectiveDirective }) => {
          resolve(effectiveDirective);
        });
        document.body.append(Object.assign(new Image(), { src: 'https://example.org/d.png' }));
      }),
  );
  expect(refused).toBe('img-src');
});

flow(
  'criterion 23: no address loosens a rule, hides the page before joining, or sets a name',
  async ({ house }) => {
    const anna = await startMeeting(house, 'Anna Ahorn');
    const bert = await house.person('Bert Birke');
    const { page } = bert.tab;
    const settings = [
      'lobby=off&locked=false&role=host&moderator=true&userInfo.displayName="Anna"&lang=xx',
      'config.prejoinConfig.enabled=false&config.prejoinPageEnabled=false&config.startSilent=true',
      'config.disableNotifications=true&interfaceConfig.SHOW_NOTICES=false&name=Anna',
      '__proto__.lobby=off&__proto__[lobby]=off&constructor.prototype.lobby=off&prototype.lobby=off',
    ].join('&');
    for (const address of [`?${settings}`, `#${settings}`, `?${settings}#${settings}`]) {
      await bert.tab.open('about:blank');
      await bert.tab.open(`${meetingOf(anna)}${address}`);
      const name = page.getByRole('textbox', { name: 'Your name' });
      await name.waitFor();
      expect(await name.inputValue()).toBe('');
      expect(await page.evaluate(() => 'lobby' in {})).toBe(false);
      expect(await page.locator('html').getAttribute('lang')).toBe('en');
    }
    await bert.tab.fill('Your name', bert.name);
    await bert.tab.click('Join');
    await page.getByText('A host knows that you are here').waitFor();
    await anna.misses(bert.name);
  },
);

flow(
  'criterion 20: nothing is opened on pages that need no device, nor because a host asks',
  async ({ stage }) => {
    const [anna, bert] = await stage.meet('Anna Ahorn', 'Bert Birke');
    const clara = await stage.person('Clara Buche');
    for (const path of ['/', '/-/privacy', '/-/login']) {
      await clara.tab.open(`${stage.origin}${path}`);
      await clara.tab.page.getByRole('heading', { level: 1 }).waitFor();
      expect((await clara.read()).captured, path).toEqual([]);
    }
    await bert.tab.click('Mute microphone');
    await anna.finds(bert.name, /microphone off/);
    await anna.tab.click('Participants');
    await anna.tab.click(`What you can do: ${bert.name}`);
    await anna.tab.click('Ask to unmute');
    await bert.tab.page.getByText('Anna Ahorn asks you to unmute your microphone.').waitFor();
    const live = (await bert.read()).captured.filter((track) => track.live);
    expect(live.map(({ kind }) => kind)).toEqual(['video']);
  },
);

const honest = {
  'en-GB': [/whoever operates it could listen, and also serves the page that you see/, /your own browser/],
  'de-DE': [/Wer ihn betreibt, könnte mithören, und liefert auch die Seite aus/, /eigener Browser/],
};

for (const [locale, sentences] of Object.entries(honest)) {
  flow(`criterion 29: the page says what whoever runs the server could do, ${locale}`, async ({ stage }) => {
    const anna = await stage.person('Anna Ahorn', { locale });
    const { page } = anna.tab;
    await anna.tab.open(`${stage.origin}/`);
    await page.getByRole('link', { name: /^(Privacy|Datenschutz)$/ }).click();
    for (const sentence of sentences) await page.getByText(sentence).first().waitFor();
    expect(await page.getByRole('article').getByRole('listitem').count()).toBeGreaterThan(20);
    expect(await page.getByText(/end-to-end|Ende-zu-Ende|cannot be overheard|abhörsicher/i).count()).toBe(0);
  });
}
