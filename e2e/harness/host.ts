import type { BrowserContextOptions, Locator } from 'playwright-core';
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
  await host.enter();
  return host;
}

/** Lets somebody who has logged in start a meeting and leave it, from the home page to the home page. */
export async function startAndLeave(person: Participant<ChromiumTab>): Promise<void> {
  await person.tab.click('Start a meeting');
  await person.enter();
  await person.tab.click('Leave');
  await person.tab.click('Home page');
}

/** Lets somebody log out on the page of the account. */
export async function logOut({ name, tab }: Participant<ChromiumTab>): Promise<void> {
  await tab.page.getByRole('link', { name }).click();
  await tab.click('Log out');
  await tab.page.getByRole('heading', { name: 'You are not logged in.' }).waitFor();
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

/** The people at the door as their host sees them. */
export function atTheDoor(host: Participant<ChromiumTab>, name: string): Locator {
  return host.tab.page.getByRole('group', { name });
}

/** Opens what a host can do to somebody, in the list of people. */
export async function actOn(host: Participant<ChromiumTab>, name: string): Promise<Locator> {
  const panel = host.tab.page.getByRole('complementary', { name: 'Participants' });
  if ((await panel.count()) === 0) await host.tab.page.getByRole('button', { name: /^Participants/ }).click();
  const row = panel.getByRole('listitem').filter({ has: host.tab.page.getByText(name, { exact: true }) });
  const opener = row.getByRole('button', { name: `What you can do: ${name}` });
  if ((await opener.getAttribute('aria-expanded')) === 'false') await opener.click();
  return row;
}

/** Takes somebody out of the meeting, for good or until the next knock. */
export async function remove(host: Participant<ChromiumTab>, name: string, ban = false): Promise<void> {
  const row = await actOn(host, name);
  const act = ban ? 'Remove and ban' : 'Remove';
  await row.getByRole('button', { name: act, exact: true }).click();
  const question = host.tab.page.getByRole('dialog', { name: `${act} ${name}` });
  await question.getByRole('button', { name: act, exact: true }).click();
}

/** Opens what leads the meeting, and gives the dialog. */
export async function lead(host: Participant<ChromiumTab>): Promise<Locator> {
  await host.tab.page.getByRole('toolbar').getByRole('button', { name: 'Lead the meeting' }).click();
  return host.tab.page.getByRole('dialog', { name: 'Lead the meeting' });
}

/** Closes the dialog that is open. */
export async function closeDialog({ tab }: Participant<ChromiumTab>): Promise<void> {
  await tab.page.keyboard.press('Escape');
  await tab.page.getByRole('dialog').waitFor({ state: 'hidden' });
}

/** Makes a link for one person and gives it; the dialog is closed again. */
export async function personalLink(host: Participant<ChromiumTab>, name: string): Promise<string> {
  const { page } = host.tab;
  const panel = page.getByRole('complementary', { name: 'Participants' });
  if ((await panel.count()) === 0) await page.getByRole('button', { name: /^Participants/ }).click();
  await panel.getByRole('button', { name: 'Invite' }).click();
  const dialog = page.getByRole('dialog', { name: 'Invite' });
  await dialog.getByRole('textbox', { name: 'Name of the person' }).fill(name);
  await dialog.getByRole('button', { name: 'Make the link' }).click();
  const link = await dialog.getByText('#invite=').innerText();
  await closeDialog(host);
  return link;
}

/** Lets the operator make an account, and its holder set it up. */
export async function account(
  stage: Stage,
  operator: Participant<ChromiumTab>,
  name: string,
): Promise<Participant<ChromiumTab>> {
  const { page } = operator.tab;
  await operator.tab.open(`${stage.origin}/-/account`);
  await operator.tab.click('Add an account');
  await page.getByRole('textbox', { name: /^Name/ }).last().fill(name);
  await page.keyboard.press('Enter');
  const link = await page.getByText('/-/setup#').innerText();
  const person = await stage.person(name);
  stage.accounts.add(name);
  await person.tab.open(link);
  await person.tab.click('Use a password instead');
  await person.tab.fill('Password', password);
  await person.tab.click('Set the password');
  await person.tab.page.getByText('Your account is ready').waitFor();
  return person;
}

/** Logs somebody who has an account in on another device. */
export async function logIn(stage: Stage, name: string): Promise<Participant<ChromiumTab>> {
  const person = await stage.person(name);
  await person.tab.open(`${stage.origin}/-/login`);
  await person.tab.fill('Name of the account', name);
  await person.tab.fill('Password', password);
  await person.tab.click('Log in');
  await person.tab.page.getByRole('link', { name }).waitFor();
  return person;
}
