import { expect } from 'vitest';
import type { ChromiumTab } from '../harness/chromium';
import { Facebook } from '../harness/facebook';
import { flow as plain, type Stage } from '../harness/flow';
import { GitHub, type GitHubUser } from '../harness/github';
import type { Participant } from '../harness/participant';

const anna: GitHubUser = {
  id: 4711,
  login: 'ahorn',
  name: 'Anna Ahorn',
  emails: [
    { email: 'anna@elsewhere.example', primary: false, verified: true },
    { email: 'anna@verein.example', primary: true, verified: true },
  ],
  organisations: ['chor', 'vorstand'],
};
const bert = { id: '10220000000000000', name: 'Bert Birke' };

const flow = plain
  .extend('github', async ({}, { onCleanup }) => {
    const github = await GitHub.open(anna);
    onCleanup(() => github.close());
    return github;
  })
  .extend('facebook', async ({}, { onCleanup }) => {
    const facebook = await Facebook.open(bert);
    onCleanup(() => facebook.close());
    return facebook;
  });

/** Opens the page to log in and goes on to a provider's. */
async function depart(
  stage: Stage,
  name: string,
  button: string,
  provider: { origin: string },
): Promise<Participant<ChromiumTab>> {
  const person = await stage.person(name);
  stage.accounts.add(name);
  person.tab.complaints.expect(new RegExp(`third party: ${provider.origin}/`)); // as who logs in there wants it
  await person.tab.open(`${stage.origin}/-/login`);
  await person.tab.click(button);
  return person;
}

async function meet(person: Participant<ChromiumTab>): Promise<void> {
  await person.tab.page.getByRole('link', { name: person.name }).waitFor();
  await person.tab.click('Start a meeting');
  await person.enter();
}

flow(
  'who logs in with GitHub starts a meeting, and operates by an organisation',
  async ({ build, github }) => {
    const house = await build({
      create: 'allowed',
      settings: github.settings(
        'GitHub',
        'allow = { domains = ["verein.example"] }',
        'operators = { groups = ["vorstand"] }',
      ),
    });
    const person = await depart(house, 'Anna Ahorn', 'Log in with GitHub', github);
    await person.tab.click('Authorize');
    await person.tab.page.getByRole('link', { name: person.name }).click();
    await person.tab.page.getByText('Runs this server').waitFor();
    await person.tab.open(`${house.origin}/`);
    await meet(person);
    // criteria 18 and 19
    const secrets = anna.emails.map(({ email }) => email);
    expect(house.server.naming([...secrets, anna.login, ...anna.organisations])).toEqual([]);
    for (const secret of secrets) expect(house.server.log).not.toContain(secret);
  },
);

flow('what GitHub refuses is told, and can be tried again', async ({ build, github }) => {
  const house = await build({ create: 'signed-in', settings: github.settings('GitHub') });
  const person = await depart(house, 'Anna Ahorn', 'Log in with GitHub', github);
  const { page } = person.tab;
  await person.tab.click('Cancel');
  await page.getByText('You were not logged in: the log-in service broke off').waitFor();
  for (const failure of ['bad_verification_code', 'token revoked'] as const) {
    github.failure = failure;
    await person.tab.click('Log in with GitHub');
    await person.tab.click('Authorize');
    await page.getByText('The log-in service did not let you in.').waitFor();
    expect(page.url()).toBe(`${house.origin}/-/login`);
  }
  expect(house.server.log).toContain('bad_verification_code'); // which the operator wants to know
  github.failure = undefined;
  await person.tab.click('Log in with GitHub');
  await person.tab.click('Authorize');
  await meet(person);
});

flow('who logs in with Facebook starts a meeting', async ({ build, facebook }) => {
  const house = await build({ create: 'signed-in', settings: facebook.settings('Facebook') });
  const person = await depart(house, 'Bert Birke', 'Log in with Facebook', facebook);
  await person.tab.click('Continue');
  await person.tab.page.getByRole('link', { name: person.name }).waitFor();
  expect(person.tab.page.url()).toBe(`${house.origin}/`); // without the fragment that Facebook adds
  await meet(person);
  expect(house.server.naming([bert.id])).toEqual([]); // criterion 19
});

flow('what Facebook refuses is told, and can be tried again', async ({ build, facebook }) => {
  const house = await build({ create: 'signed-in', settings: facebook.settings('Facebook') });
  const person = await depart(house, 'Bert Birke', 'Log in with Facebook', facebook);
  const { page } = person.tab;
  await person.tab.click('Cancel');
  await page.getByText('You were not logged in: the log-in service broke off').waitFor();
  for (const [code, words] of [
    [190, 'The log-in service did not let you in.'],
    [4, 'The log-in service does not answer.'], // too many requests of this app
  ] as const) {
    facebook.failure = { message: 'A message with Bert Birke in it', type: 'OAuthException', code };
    await person.tab.click('Log in with Facebook');
    await person.tab.click('Continue');
    await page.getByText(words).waitFor();
  }
  facebook.failure = undefined;
  await person.tab.click('Log in with Facebook');
  await person.tab.click('Continue');
  await meet(person);
});

flow('several providers stand beside each other', async ({ build, github, facebook }) => {
  const house = await build({
    create: 'signed-in',
    settings: github.settings('Werkstatt') + facebook.settings('Facebook'),
  });
  const person = await house.person('Anna Ahorn');
  await person.tab.open(`${house.origin}/-/login`);
  await person.tab.page.getByRole('button', { name: 'Log in with Werkstatt' }).waitFor();
  await person.tab.page.getByRole('button', { name: 'Log in with Facebook' }).waitFor();
});
