import { eventually } from '../harness/eventually';
import { flow } from '../harness/flow';
import { screens, usable } from '../harness/usable';
import { wordsIn } from '../harness/words';

/**
 * More packets a second than one microphone brings, alone or with the pictures that a browser sends until it learns that
 * nobody shows them, and fewer than two microphones do, received and sent, though nothing else moved.
 */
const settings = '[limit]\npackets = 180\n';

flow('a busy server begins no meeting, says so, and goes on with those that run', async ({ build }) => {
  const house = await build({ settings });
  const anna = await house.person('Anna Ahorn');
  const bert = await house.person('Bert Birke');
  for (const one of [anna, bert]) await one.tab.open(`${house.origin}/${house.room}`);
  await anna.enter();
  await bert.enter();
  await eventually('the load is too high for more', () => house.server.log.includes('new_meetings=refused'));

  for (const [name, locale, screen] of [
    ['Clara Buche', 'en', 'desktop'],
    ['Dora Eiche', 'de', 'phone'],
  ] as const) {
    const t = wordsIn(locale);
    const { tab } = await house.person(name, { locale, reducedMotion: 'reduce', ...screens[screen] });
    await tab.open(`${house.origin}/another-meeting-of-${locale}`);
    await tab.fill(t('name'), name);
    await tab.click(t('join'));
    await tab.page.getByRole('heading', { name: t('failure_server_busy') }).waitFor();
    await tab.page.getByText(t('failure_server_busy_cure')).waitFor();
    await usable(tab.page, `busy ${screen} ${locale}`);

    await tab.click(t('try_again'));
    await tab.click(t('way_check'));
    await tab.page.getByText(t('failure_server_busy')).waitFor();
    await usable(tab.page, `busy check ${screen} ${locale}`);
    await tab.page.close();
  }
  await anna.sees(bert.name);
  await bert.sees(anna.name);
  await bert.hears(1);

  for (const one of [anna, bert]) await one.tab.click('Leave');
  await eventually('there is room again', () => house.server.log.includes('"taken again"'), Boolean, 60_000);
  const emma = await house.person('Emma Fichte');
  await emma.join('yet-another-meeting');
});
