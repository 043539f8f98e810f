import { eventually } from '../harness/eventually';
import { flow } from '../harness/flow';
import { screens, usable } from '../harness/usable';
import { wordsIn } from '../harness/words';

/**
 * Two who hear each other are 200 packets a second, received and sent, even without pictures: that is beyond the limit
 * for new meetings, and beyond the one for people in those that run, which is a quarter higher. One alone is a quarter.
 */
const settings = '[limit]\npackets = 150\n';

flow('a busy server begins no meeting, says so, and goes on with those that run', async ({ build }) => {
  const house = await build({ settings });
  const anna = await house.person('Anna Ahorn');
  const bert = await house.person('Bert Birke');
  for (const one of [anna, bert]) await one.tab.open(`${house.origin}/${house.room}`);
  await anna.enter();
  await bert.enter();
  for (const what of ['new_meetings', 'people_in_running_meetings'])
    await eventually(`no ${what} are taken`, () => house.server.log.includes(`${what}=refused`));

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
  }
  await anna.sees(bert.name);
  await bert.sees(anna.name);
  await bert.hears(1);

  for (const one of [anna, bert]) await one.tab.click('Leave');
  const again = () => house.server.log.includes('new_meetings="taken again"');
  await eventually('there is room again', again, Boolean, 60_000);
  const emma = await house.person('Emma Fichte');
  await emma.join('yet-another-meeting');
});
