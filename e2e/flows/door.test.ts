import { expect } from 'vitest';
import { flow } from '../harness/flow';
import { knock, meetingOf, startMeeting } from '../harness/host';

flow('criteria 5 and 14: a guest without account waits until the host lets in', async ({ house }) => {
  const anna = await startMeeting(house, 'Anna Ahorn');
  const bert = await knock(house, 'Bert Birke', meetingOf(anna));
  const { page } = anna.tab;
  const atTheDoor = page.getByRole('group', { name: bert.name });
  await atTheDoor.getByText('Guest, name not verified').waitFor(); // criterion 14
  await anna.misses(bert.name);
  const waiting = await bert.read(); // criterion 5
  expect(waiting.tiles).toEqual([]);
  expect(waiting.connections).toEqual([]);
  expect(await bert.tab.page.getByText(anna.name).count()).toBe(0);

  await bert.tab.page.reload(); // and still waits
  await bert.tab.page.getByText('A host knows that you are here').waitFor();
  await atTheDoor.getByRole('button', { name: 'Let in', exact: true }).click();
  await bert.sees(anna.name);
  await anna.sees(bert.name);
  await anna.hears(1);
  await anna.tab.click('Participants');
  const row = page.getByRole('complementary').getByRole('listitem').filter({ hasText: bert.name });
  await row.getByText('Guest, name not verified').waitFor();
});

flow('a guest who is refused is told so', async ({ house }) => {
  const anna = await startMeeting(house, 'Anna Ahorn');
  const bert = await knock(house, 'Bert Birke', meetingOf(anna));
  const atTheDoor = anna.tab.page.getByRole('group', { name: bert.name });
  await atTheDoor.getByRole('button', { name: 'Refuse', exact: true }).click();
  await bert.tab.page.getByRole('heading', { name: 'You were not let in.' }).waitFor();
  await atTheDoor.waitFor({ state: 'hidden' });
  await anna.misses(bert.name);
});
