import { flow } from '../harness/flow';
import { admit, meetingOf, password, startMeeting } from '../harness/host';

flow(
  'logging out everywhere ends the meeting of another browser at once, and says why',
  async ({ house }) => {
    const anna = await startMeeting(house, 'Anna Ahorn');
    const bert = await admit(house, anna, 'Bert Birke');
    await bert.sees(anna.name);

    const elsewhere = await house.person('Anna Ahorn', { locale: 'de-DE' });
    await elsewhere.tab.open(`${house.origin}/-/login`);
    await elsewhere.tab.fill('Name des Kontos', anna.name);
    await elsewhere.tab.fill('Passwort', password);
    await elsewhere.tab.click('Anmelden');
    await elsewhere.tab.page.getByRole('link', { name: anna.name }).click();
    await elsewhere.tab.click('Überall abmelden');
    await elsewhere.tab.page.getByRole('heading', { name: 'Sie sind nicht angemeldet.' }).waitFor();

    const { page } = anna.tab;
    await page.getByRole('heading', { name: 'You were logged out.' }).waitFor();
    await bert.misses(anna.name);
    await anna.tab.click('Log in');
    await page.getByRole('heading', { name: 'Log in' }).waitFor(); // and not who was logged in before
    await anna.tab.open(meetingOf(bert));
    await anna.tab.fill('Your name', anna.name);
    await anna.tab.click('Join');
    await page.getByRole('button', { name: 'Leave the waiting room' }).waitFor(); // the browser is a stranger's now
    await bert.misses(anna.name);
  },
);
