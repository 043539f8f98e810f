import { expect } from 'vitest';
import { eventually } from '../harness/eventually';
import { flow } from '../harness/flow';

flow('criterion 14: the list of people tells equal names apart and follows a new name', async ({ stage }) => {
  const [anna, other] = await stage.meet('Anna Ahorn', 'Anna Ahorn');
  const list = anna.tab.page.getByRole('complementary').getByRole('listitem');
  await anna.tab.click('Participants');
  await list.nth(1).waitFor();
  const names = () => list.allInnerTexts();
  const [first, second] = await names(); // criterion 14
  expect(first).toMatch(/Anna Ahorn/);
  expect(second).toMatch(/Anna Ahorn\s+2/);

  await other.tab.click('Participants');
  await other.tab.click('Change my name');
  await other.tab.fill('Your name', 'Bert Birke');
  await other.tab.click('Save');
  await eventually('the new name is listed', names, (seen) => seen.some((one) => one.includes('Bert Birke')));
  await anna.finds('Bert Birke', /^Bert Birke$/);
});

flow('who comes and goes is told', async ({ stage }) => {
  const [anna, bert] = await stage.meet('Anna Ahorn', 'Bert Birke');
  const notices = anna.tab.page.getByRole('status', { name: 'Messages' });
  await notices.getByText('Bert Birke joined.').waitFor();
  await bert.tab.click('Leave');
  await notices.getByText('Bert Birke left.').waitFor();
});
