import type { BrowserContextOptions } from 'playwright-core';
import type { ChromiumTab } from './chromium';
import type { Stage } from './flow';
import type { Participant } from './participant';

/** A password that nobody else has. */
export const password = 'sieben Kastanien im Schnee';

/** Lets somebody take the link that the program printed, set a password, and thus log in. */
export async function setUp(
  stage: Stage,
  name: string,
  options: BrowserContextOptions = {},
): Promise<Participant<ChromiumTab>> {
  const host = await stage.person(name, options);
  stage.accounts.add(name);
  const { page } = host.tab;
  await host.tab.open(`${stage.origin}${await stage.server.setup()}`);
  await host.tab.fill('Name of the account', name);
  await host.tab.click('Use a password instead');
  await host.tab.fill('Password', password);
  await host.tab.click('Set the password');
  await page.getByRole('heading', { name: `Welcome, ${name}` }).waitFor();
  return host;
}

/** Lets the first operator start a meeting. */
export async function startMeeting(
  stage: Stage,
  name: string,
  options: BrowserContextOptions = {},
): Promise<Participant<ChromiumTab>> {
  const host = await setUp(stage, name, options);
  await host.tab.click('Start a meeting');
  await host.tab.click('Start a meeting');
  await host.enter();
  return host;
}

/** The address of the meeting that somebody is in. */
export function meetingOf(host: Participant<ChromiumTab>): string {
  return host.tab.page.url();
}

/** Lets somebody without an account open a link and ask to be let in. */
export async function knock(
  stage: Stage,
  name: string,
  link: string,
  options: BrowserContextOptions = {},
): Promise<Participant<ChromiumTab>> {
  const guest = await stage.person(name, options);
  await guest.tab.open(link);
  await guest.tab.fill('Your name', name);
  await guest.tab.click('Join');
  await guest.tab.page.getByText('A host knows that you are here').waitFor();
  return guest;
}

/** Lets somebody knock and the host let them in. */
export async function admit(
  stage: Stage,
  host: Participant<ChromiumTab>,
  name: string,
): Promise<Participant<ChromiumTab>> {
  const guest = await knock(stage, name, meetingOf(host));
  await host.tab.page
    .getByRole('group', { name })
    .getByRole('button', { name: 'Let in', exact: true })
    .click();
  await guest.look('the own tile is there', ({ tiles }) => tiles.some(({ label }) => label.startsWith(name)));
  return guest;
}
