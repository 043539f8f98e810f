import { flow } from '../harness/flow';
import { looks, usable } from '../harness/usable';
import { wordsIn } from '../harness/words';

for (const { locale, screen, options } of looks) {
  flow(`what is told of the connection can be read, ${screen}, ${locale}`, async ({ stage }) => {
    const t = wordsIn(locale);
    const [bert] = await stage.meet('Bert Birke');
    const anna = await stage.person('Anna Ahorn', { locale, reducedMotion: 'reduce', ...options });
    const { tab } = anna;
    const seen = (what: string) => usable(tab.page, `connection ${screen} ${locale} ${what}`);

    await tab.open(`${stage.origin}/${stage.room}`);
    await tab.click(t('way_check'));
    await tab.page.getByText(t('way_direct')).waitFor({ timeout: 30_000 });
    await seen('check');

    await tab.fill(t('name'), anna.name);
    await tab.click(t('join'));
    await tab.page.getByText(bert.name).first().waitFor();
    const open = async (what: string) => {
      if (screen !== 'desktop') await tab.click(t('more'));
      await tab.page
        .getByRole('button', { name: t(what) })
        .last()
        .click();
    };
    await open('connection');
    await tab.page.getByText('Opus').first().waitFor(); // not before something was sent
    await seen('window');
    await tab.page.keyboard.press('Escape');

    await open('settings');
    await tab.page.getByText(t('pictures_small')).click();
    await seen('settings');
  });
}
