import { expect } from 'vitest';
import type { ChromiumTab } from '../harness/chromium';
import { flow, type Stage } from '../harness/flow';
import { password } from '../harness/host';
import type { Participant } from '../harness/participant';
import { looks, usable } from '../harness/usable';
import { wordsIn } from '../harness/words';

/** What a newcomer has to do from the printed link to the first meeting: with fewer it hardly goes. */
const steps = 7;

/** Walks from the link that the program printed into a meeting. Every act counts, typing into a field as one. */
async function firstMeeting(
  house: Stage,
  anna: Participant<ChromiumTab>,
  t: ReturnType<typeof wordsIn>,
  seen: (what: string) => Promise<void>,
): Promise<void> {
  const { tab } = anna;
  let acts = 0;
  const act = async (done: Promise<void>) => {
    await done;
    acts++;
  };
  await act(tab.open(`${house.origin}${await house.server.setup()}`));
  await tab.page.getByRole('heading', { name: t('setup_first') }).waitFor();
  await seen('set-up');
  await act(tab.fill(t('account_name'), anna.name));
  await act(tab.click(t('setup_rather_password')));
  await seen('set-up by password');
  await act(tab.fill(t('password'), password));
  await act(tab.click(t('setup_password')));
  await tab.page.getByRole('heading', { name: t('setup_done', { name: anna.name }) }).waitFor();
  await seen('welcome');
  await act(tab.click(t('setup_go')));
  await tab.page.getByText(t('door_start')).waitFor();
  await seen('before joining');
  await act(tab.click(t('join')));
  await tab.page.getByText(t('alone')).waitFor();
  await seen('alone');
  expect(acts, 'things to do until the first meeting').toBe(steps);
}

for (const { locale, screen, options } of looks) {
  flow(`a newcomer meets a guest, ${screen}, ${locale}`, async ({ house }) => {
    const t = wordsIn(locale);
    const look = { locale, reducedMotion: 'reduce', ...options } as const;
    const anna = await house.person('Anna Ahorn', look);
    house.accounts.add(anna.name);
    const { page } = anna.tab;
    const seen = (what: string, where = page) => usable(where, `newcomer ${screen} ${locale} ${what}`);
    await firstMeeting(house, anna, t, seen);

    if (screen !== 'desktop') await anna.tab.click(t('more'));
    await page
      .getByRole('button', { name: t('participants') })
      .last()
      .click();
    await anna.tab.click(t('invite'));
    const dialog = page.getByRole('dialog', { name: t('invite') });
    await dialog.getByRole('radio', { name: t('invite_group') }).check();
    await seen('invite');
    await anna.tab.click(t('invite_make'));
    const link = await dialog.getByText('#invite=').innerText();
    await seen('link');
    await page.keyboard.press('Escape');
    await dialog.waitFor({ state: 'detached' });
    await page
      .getByRole('complementary')
      .getByRole('button', { name: t('close') })
      .click();

    const bert = await house.person('Bert Birke', look);
    const guest = bert.tab.page;
    await bert.tab.open(link);
    await guest.getByText(t('invited_by', { name: anna.name })).waitFor();
    await seen('invitation', guest);
    await bert.tab.fill(t('name'), bert.name);
    await bert.tab.click(t('join'));
    await guest.getByText(t('waiting_host')).waitFor();
    await seen('waiting', guest);
    const door = page.getByRole('group', { name: bert.name });
    await door.waitFor();
    await seen('at the door');
    await door.getByRole('button', { name: t('admit'), exact: true }).click();
    await guest.getByRole('toolbar').waitFor();
    await guest.getByRole('listitem', { name: anna.name }).waitFor();
    await seen('admitted', guest);
    await seen('together');
  });
}
