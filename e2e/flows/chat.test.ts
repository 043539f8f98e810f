import { flow } from '../harness/flow';
import { admit, startMeeting } from '../harness/host';

flow('criterion 13: a message to everybody arrives, with its sender', async ({ house }) => {
  const anna = await startMeeting(house, 'Anna Ahorn');
  const bert = await admit(house, anna, 'Bert Birke');
  await bert.tab.click('Chat');
  await bert.tab.fill('Message', 'Guten Abend zusammen');
  await bert.tab.page.keyboard.press('Enter');
  await anna.tab.click('Chat, one new message');
  const chat = anna.tab.page.getByRole('complementary', { name: 'Chat' });
  await chat.getByText('Guten Abend zusammen').waitFor();
  await chat.getByText(bert.name).first().waitFor(); // criterion 13
});

flow('a raised hand is seen, and lowered by the host', async ({ house }) => {
  const anna = await startMeeting(house, 'Anna Ahorn');
  const bert = await admit(house, anna, 'Bert Birke');
  await bert.tab.click('Raise hand');
  await anna.finds(bert.name, /hand raised/);
  await anna.tab.click('Participants');
  await anna.tab.click(`What you can do: ${bert.name}`);
  await anna.tab.click('Lower the hand');
  await bert.tab.page.getByText('Your hand was lowered.').waitFor();
  await bert.tab.page.getByRole('button', { name: 'Raise hand' }).waitFor();
});
