import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { expect } from 'vitest';
import { faults } from '../harness/axe';
import { flow, output } from '../harness/flow';
import { password } from '../harness/host';

const screens = {
  desktop: {},
  phone: { viewport: { width: 390, height: 844 }, isMobile: true, hasTouch: true },
};

interface Words {
  setup: string;
  name: string;
  choose: string;
  password: string;
  set: string;
  welcome: RegExp;
  account: string;
  logOut: string;
  out: string;
  logIn: string;
  home: string;
  privacy: string;
}

const english: Words = {
  setup: 'Set up this server',
  name: 'Name of the account',
  choose: 'Use a password instead',
  password: 'Password',
  set: 'Set the password',
  welcome: /^Welcome/,
  account: 'Accounts of this server',
  logOut: 'Log out',
  out: 'You are not logged in.',
  logIn: 'Log in',
  home: 'Log in to start a meeting',
  privacy: 'Privacy',
};

const german: Words = {
  setup: 'Diesen Server einrichten',
  name: 'Name des Kontos',
  choose: 'Lieber ein Passwort',
  password: 'Passwort',
  set: 'Passwort festlegen',
  welcome: /^Willkommen/,
  account: 'Konten dieses Servers',
  logOut: 'Abmelden',
  out: 'Sie sind nicht angemeldet.',
  logIn: 'Anmelden',
  home: 'Anmelden und beginnen',
  privacy: 'Datenschutz',
};

/** Whether everybody can use what the page shows now, and nothing sticks out at the side. A picture is kept. */
async function check(page: Page, where: string): Promise<void> {
  await page.screenshot({
    path: join(output, `pages-${where.replace(/[^a-z]+/g, '-')}.png`),
    fullPage: true,
  });
  expect(await faults(page), where).toEqual([]);
  const [content, window] = await page.evaluate(() => [document.documentElement.scrollWidth, innerWidth]);
  expect(content, where).toBeLessThanOrEqual(window ?? 0);
}

for (const [locale, words] of Object.entries({ en: english, de: german })) {
  for (const [screen, options] of Object.entries(screens)) {
    flow(`the pages of accounts can be used by everybody, ${screen}, ${locale}`, async ({ house }) => {
      const anna = await house.person('Anna Ahorn', { locale, reducedMotion: 'reduce', ...options });
      house.accounts.add(anna.name);
      const { page } = anna.tab;
      const seen = (what: string) => check(page, `${screen} ${locale} ${what}`);
      await anna.tab.open(`${house.origin}/`);
      await page.getByRole('button', { name: words.home }).waitFor();
      await seen('home');
      await anna.tab.open(`${house.origin}${await house.server.setup()}`);
      await page.getByRole('heading', { name: words.setup }).waitFor();
      await seen('set-up');
      await anna.tab.fill(words.name, anna.name);
      await anna.tab.click(words.choose);
      await seen('set-up by password');
      await anna.tab.fill(words.password, password);
      await anna.tab.click(words.set);
      await page.getByRole('heading', { name: words.welcome }).waitFor();
      await seen('welcome');
      await page.getByRole('link', { name: anna.name }).click();
      await page.getByRole('heading', { name: words.account }).waitFor();
      await seen('account');
      await anna.tab.click(words.logOut);
      await page.getByRole('heading', { name: words.out }).waitFor();
      await anna.tab.click(words.logIn);
      await page.getByRole('heading', { name: words.logIn }).waitFor();
      await seen('log-in');
      await page.getByRole('link', { name: words.privacy }).click();
      await page.getByRole('heading', { level: 1 }).waitFor();
      await seen('privacy');
    });
  }
}
