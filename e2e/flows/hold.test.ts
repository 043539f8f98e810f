import { flow } from '../harness/flow';
import { actOn, admit, meetingOf, startMeeting } from '../harness/host';

flow.override('hold', '5s');

flow('criterion 16: a meeting that no host comes back to ends after its time', async ({ house }) => {
  const anna = await startMeeting(house, 'Anna Ahorn');
  const bert = await admit(house, anna, 'Bert Birke');
  await bert.sees(anna.name);
  await anna.tab.click('Leave');
  const { page } = bert.tab;
  await page.getByText(/^No host is here\./).waitFor();
  await page.getByText(/It goes on when a host is back, and ends at .* otherwise\./).waitFor();

  const clara = await house.person('Clara Buche'); // the lobby is closed meanwhile
  await clara.tab.open(meetingOf(anna));
  await clara.tab.fill('Your name', clara.name);
  await clara.tab.click('Join');
  await clara.tab.page.getByText('The host is not here yet.').waitFor();
  await page.getByRole('heading', { name: 'The meeting is over.' }).waitFor();
  await clara.tab.page.getByRole('heading', { name: 'The waiting is over.' }).waitFor();
});

flow('a meeting goes on without pause where a second host stays', async ({ house }) => {
  const anna = await startMeeting(house, 'Anna Ahorn');
  const bert = await admit(house, anna, 'Bert Birke');
  const clara = await admit(house, anna, 'Clara Buche');
  const row = await actOn(anna, bert.name);
  await row.getByRole('combobox', { name: 'Role' }).selectOption({ label: 'Host' });
  await bert.tab.page.getByText('You take part as: Host.').waitFor();
  await anna.tab.click('Leave');
  await clara.misses(anna.name);
  await clara.sees(bert.name);
  await clara.hears(1);
  await (await actOn(bert, clara.name)).getByRole('button', { name: 'Mute', exact: true }).click();
  await clara.tab.page.getByText('Bert Birke switched off your microphone.').waitFor();
});
