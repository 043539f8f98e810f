import type { BrowserContextOptions } from 'playwright-core';
import { expect } from 'vitest';
import type { ChromiumTab } from '../harness/chromium';
import { eventually } from '../harness/eventually';
import { flow as plain, type Stage } from '../harness/flow';
import { logOut, startAndLeave } from '../harness/host';
import { OpenID, type Holder } from '../harness/openid';
import type { Participant } from '../harness/participant';

const anna: Holder = {
  login: 'a.ahorn',
  name: 'Anna Ahorn',
  email: 'anna@lehrer.example',
  groups: ['Lehrkräfte'],
};
const bert: Holder = { login: 'b.birke', name: 'Bert Birke', email: 'bert@kinder.example', groups: ['4b'] };

const flow = plain.extend('school', async ({}, { onCleanup }) => {
  const school = await OpenID.open([anna, bert]);
  onCleanup(() => school.close());
  return school;
});

/** Opens the home page and goes on to the provider's page. */
async function depart(
  stage: Stage,
  school: OpenID,
  { name }: Holder,
  options: BrowserContextOptions = {},
): Promise<Participant<ChromiumTab>> {
  const person = await stage.person(name, options);
  stage.accounts.add(name);
  person.tab.complaints.expect(new RegExp(`third party: ${school.origin}/`)); // as who logs in there wants it
  await person.tab.open(`${stage.origin}/-/login`);
  await person.tab.page.getByRole('button', { name: /Schule/ }).click();
  await person.tab.page.getByRole('heading', { name: 'Log in at the school' }).waitFor();
  return person;
}

async function logIn(stage: Stage, school: OpenID, holder: Holder, options: BrowserContextOptions = {}) {
  const person = await depart(stage, school, holder, options);
  await person.tab.fill('Name at the school', holder.login);
  await person.tab.click('Go on');
  await person.tab.page.getByRole('link', { name: holder.name }).waitFor();
  return person;
}

flow(
  'who logs in at a provider of OpenID Connect starts meetings, also after it changed its keys',
  async ({ build, school }) => {
    const house = await build({ create: 'signed-in', settings: school.settings('Schule am Berg') });
    school.register(house.origin);
    const person = await logIn(house, school, anna);
    expect(person.tab.page.url()).toBe(`${house.origin}/`); // nothing of the way is left in the address
    const [cookie] = (await person.tab.page.context().cookies(house.origin)).filter(
      ({ name }) => name === 'stube',
    );
    expect(cookie).toMatchObject({ httpOnly: true, sameSite: 'Lax', path: '/' });
    await startAndLeave(person);
    await logOut(person);

    school.changeKeys();
    await person.tab.click('Log in');
    await person.tab.click('Log in with Schule am Berg');
    await person.tab.page.getByRole('link', { name: anna.name }).waitFor(); // the school still knows her
    const [again] = (await person.tab.page.context().cookies(house.origin)).filter(
      ({ name }) => name === 'stube',
    );
    expect(again?.value).not.toBe(cookie?.value);
    await startAndLeave(person);

    // criteria 18 and 19
    expect(house.server.log).not.toContain(anna.email);
    expect(house.server.naming([anna.email, ...anna.groups])).toEqual([]);
  },
);

flow(
  'criterion 1: groups and domains decide who starts meetings and who operates',
  async ({ build, school }) => {
    const house = await build({
      create: 'allowed',
      settings: school.settings(
        'Schule am Berg',
        'allow = { groups = ["Lehrkräfte"] }',
        'operators = { domains = ["lehrer.example"] }',
      ),
    });
    school.register(house.origin);
    const teacher = await logIn(house, school, anna);
    await startAndLeave(teacher);
    await teacher.tab.page.getByRole('link', { name: anna.name }).click();
    await teacher.tab.page.getByText('Runs this server').waitFor();

    const refused =
      'Ihr Konto darf an Treffen teilnehmen, aber keine beginnen. Fragen Sie die Betreiber dieses Servers.';
    const pupil = await logIn(house, school, bert, { locale: 'de-DE' });
    const { page } = pupil.tab;
    await page.getByText(refused).waitFor();
    expect(await page.getByRole('button', { name: 'Treffen beginnen' }).isDisabled()).toBe(true);
    await page.getByRole('combobox', { name: 'Sprache' }).selectOption({ label: 'English' });
    await page.getByText('Your account may join meetings, but not start any.').waitFor();
    await page.getByRole('link', { name: bert.name }).click();
    await page.getByRole('heading', { name: bert.name }).waitFor();
    expect(await page.getByText('Runs this server').count()).toBe(0);
    // Past the page he starts none either: he waits for somebody who may.
    await pupil.tab.open(`${house.origin}/${house.room}`);
    await pupil.tab.fill('Your name', bert.name);
    await pupil.tab.click('Join');
    await page.getByRole('button', { name: 'Leave the waiting room' }).waitFor();
  },
);

flow('who is refused at a provider is told so, in both languages', async ({ build, school }) => {
  const house = await build({ create: 'signed-in', settings: school.settings('Schule am Berg') });
  school.register(house.origin);
  const person = await depart(house, school, anna, { locale: 'de-DE' });
  const { page } = person.tab;
  await person.tab.click('Not me');
  await page.getByText('Sie sind nicht angemeldet: Beim Anmeldedienst wurde abgebrochen.').waitFor();
  expect(page.url()).toBe(`${house.origin}/-/login`);
  await page.getByRole('combobox', { name: 'Sprache' }).selectOption({ label: 'English' });
  await page.getByText('You were not logged in: the log-in service broke off').waitFor();

  await school.close();
  await person.tab.click('Log in with Schule am Berg');
  person.tab.complaints.expect(/ERR_CONNECTION_REFUSED|chrome-error/); // its page is away too
  const address = () => page.url();
  await eventually('the browser says so', address, (url) => url === 'chrome-error://chromewebdata/');
  await page.goBack();
  await page.getByRole('button', { name: 'Log in with Schule am Berg' }).waitFor();
});
