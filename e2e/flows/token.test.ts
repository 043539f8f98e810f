import { expect } from 'vitest';
import { flow } from '../harness/flow';
import { Platform } from '../harness/jwt';

flow("another system's tokens bring a host and a guest, and are left nowhere", async ({ build }) => {
  const platform = new Platform();
  const house = await build({ create: 'signed-in', settings: platform.settings });
  const hosting = platform.token(house.room, { user: { id: '1', name: 'Anna Ahorn', moderator: true } });
  const visiting = platform.token(house.room, {
    user: { id: '2', name: 'Bert Birke' },
    features: { 'screen-sharing': false },
  });

  const bert = await house.person('Bert Birke');
  await bert.tab.open(`${house.origin}/${house.room}?jwt=${visiting}`); // as with Jitsi
  await bert.tab.fill('Your name', 'Somebody else');
  expect(bert.tab.page.url()).toBe(`${house.origin}/${house.room}`);
  await bert.tab.click('Join');
  await bert.tab.page.getByRole('button', { name: 'Leave the waiting room' }).waitFor(); // no guest is in before a host

  const anna = await house.person('Anna Ahorn');
  await anna.tab.open(`${house.origin}/${house.room}#jwt=${hosting}`);
  expect(anna.tab.page.url()).toBe(`${house.origin}/${house.room}`);
  await anna.enter();
  await bert.sees(anna.name);
  await anna.sees(bert.name); // by the name that the system vouches for
  await anna.tab.click('Participants');
  const row = anna.tab.page.getByRole('complementary').getByRole('listitem').filter({ hasText: bert.name });
  await row.getByText('Sent by Lernplattform').waitFor(); // criterion 14
  expect(await bert.tab.page.getByRole('button', { name: 'Share screen' }).count()).toBe(0);
  expect(await anna.tab.page.getByRole('button', { name: 'Share screen' }).count()).toBe(1);

  expect(anna.tab.sent.join('\n')).not.toContain(hosting); // what is in the fragment leaves by the socket alone
  expect(bert.tab.sent.filter((request) => request.includes(visiting))).toHaveLength(1); // the page's own address
  for (const token of [hosting, visiting]) {
    for (const part of token.split('.').slice(1)) {
      expect(house.server.log).not.toContain(part); // criterion 18
      expect(house.server.naming([part])).toEqual([]);
    }
  }
});

flow('a token for another room, and one that nobody signed, bring nobody in', async ({ build }) => {
  const platform = new Platform();
  const house = await build({ create: 'signed-in', settings: platform.settings });
  const user = { name: 'Mallory Moos', moderator: true };
  const elsewhere = platform.token('another-room', { user });
  const forged = new Platform().token(house.room, { user });
  for (const [locale, words] of [
    ['en-GB', 'The link from the other system is not valid.'],
    ['de-DE', 'Der Link aus dem anderen System'],
  ] as const) {
    for (const token of [elsewhere, forged]) {
      const mallory = await house.person('Mallory Moos', { locale });
      const { page } = mallory.tab;
      await mallory.tab.open(`${house.origin}/${house.room}#jwt=${token}`);
      const join = page.getByRole('button', { name: /^(Join|Teilnehmen|Beitreten)$/ });
      await page.getByRole('textbox', { name: /^(Your name|Ihr Name)$/ }).fill(mallory.name);
      await join.click();
      await page.getByText(words).waitFor();
    }
  }
});
