import { expect } from 'vitest';
import type { ChromiumTab } from '../harness/chromium';
import { flow } from '../harness/flow';
import { logOut, password, setUp, startAndLeave } from '../harness/host';
import type { Participant } from '../harness/participant';

/** A device that makes and gives passkeys without asking. */
async function withPasskeys({ tab }: Participant<ChromiumTab>): Promise<void> {
  const session = await tab.page.context().newCDPSession(tab.page);
  await session.send('WebAuthn.enable');
  await session.send('WebAuthn.addVirtualAuthenticator', {
    options: {
      protocol: 'ctap2',
      transport: 'internal',
      hasResidentKey: true,
      hasUserVerification: true,
      isUserVerified: true,
      automaticPresenceSimulation: true,
    },
  });
}

flow(
  'criterion 4: the first start leads over a password to a meeting, and in again after logging out',
  async ({ house }) => {
    const setup = await house.server.setup();
    const anna = await setUp(house, 'Anna Ahorn');
    const { page } = anna.tab;
    await startAndLeave(anna);
    await logOut(anna);
    await anna.tab.click('Log in');
    await anna.tab.fill('Name of the account', anna.name);
    await anna.tab.fill('Password', password);
    await anna.tab.click('Log in');
    await page.getByRole('link', { name: anna.name }).waitFor();

    const bert = await house.person('Bert Birke');
    await bert.tab.open(`${house.origin}${setup}`);
    await bert.tab.page.getByRole('heading', { name: 'This link no longer works.' }).waitFor();
    bert.tab.complaints.expect(/\/-\/api\/v1\/setup|status of 4/);
    const [, secret = ''] = setup.split('#');
    expect([...anna.tab.sent, ...bert.tab.sent].join('\n')).not.toContain(secret); // criterion 4
  },
);

flow(
  'the first start leads over a passkey to a meeting, and in again after logging out',
  async ({ house }) => {
    const anna = await house.person('Anna Ahorn');
    house.accounts.add(anna.name);
    const { page } = anna.tab;
    await withPasskeys(anna);
    await anna.tab.open(`${house.origin}${await house.server.setup()}`);
    await anna.tab.fill('Name of the account', anna.name);
    await anna.tab.click('Set up a passkey');
    await page.getByRole('heading', { name: `Welcome, ${anna.name}` }).waitFor();
    await startAndLeave(anna);
    await logOut(anna);
    await anna.tab.click('Log in');
    await anna.tab.click('Log in with a passkey');
    await page.getByRole('link', { name: anna.name }).waitFor();
  },
);

flow('criterion 1: who has not logged in is asked to before starting a meeting', async ({ house }) => {
  const bert = await house.person('Bert Birke'); // criterion 1
  const { page } = bert.tab;
  await bert.tab.open(`${house.origin}/`);
  await page.getByText('Only who starts a meeting logs in.').waitFor();
  expect(await page.getByRole('button', { name: 'Start a meeting', exact: true }).count()).toBe(0);
  await bert.tab.click('Log in to start a meeting');
  await page.getByRole('heading', { name: 'Log in' }).waitFor();
});
