import { flow } from '../harness/flow';
import { admit, meetingOf, startMeeting } from '../harness/host';
import { eventually } from '../harness/eventually';
import { inbound, number } from '../harness/reading';
import type { Reading } from '../harness/probe';

function heard(reading: Reading): number {
  return inbound(reading, 'audio').reduce((sum, one) => sum + number(one.packetsReceived), 0);
}

flow('criterion 12: the packets of a guest whom the host mutes stop', async ({ house }) => {
  const anna = await startMeeting(house, 'Anna Ahorn');
  const bert = await admit(house, anna, 'Bert Birke');
  await anna.hears(1);
  await anna.sees(bert.name);
  await anna.tab.click('Participants');
  await anna.tab.click(`What you can do: ${bert.name}`);
  await anna.tab.click('Mute'); // criterion 12
  await bert.tab.page.getByText('Anna Ahorn switched off your microphone.').waitFor();
  await anna.finds(bert.name, /microphone off/);
  await eventually('no packet of the voice comes in', async () => {
    const before = heard(await anna.read());
    await anna.sees(bert.name);
    return heard(await anna.read()) === before;
  });
  await bert.tab.click('Unmute microphone');
  await anna.hears(1);
});

flow('criterion 6: who is banned comes back neither by reload nor by another name', async ({ house }) => {
  const anna = await startMeeting(house, 'Anna Ahorn');
  const bert = await admit(house, anna, 'Bert Birke');
  await anna.sees(bert.name);
  await anna.tab.click('Participants');
  await anna.tab.click(`What you can do: ${bert.name}`);
  await anna.tab.click('Remove and ban');
  const question = anna.tab.page.getByRole('dialog', { name: `Remove and ban ${bert.name}` });
  await question.getByRole('button', { name: 'Remove and ban' }).click();
  const { page } = bert.tab;
  await page.getByRole('heading', { name: 'You were removed from the meeting.' }).waitFor();
  await anna.misses(bert.name);

  for (const name of [bert.name, 'Clara Buche']) {
    await page.goto(meetingOf(anna)); // criterion 6
    await bert.tab.fill('Your name', name);
    await bert.tab.click('Join');
    await page.getByRole('heading', { name: 'You were not let in.' }).waitFor();
  }
  await anna.misses('Clara Buche');
});
