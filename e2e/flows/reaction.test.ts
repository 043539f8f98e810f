import { flow } from '../harness/flow';

flow('a reaction is said to those who do not see it', async ({ stage }) => {
  const [anna, bert] = await stage.meet('Anna Ahorn', 'Bert Birke');
  await anna.sees(bert.name);
  await bert.tab.click('React');
  await bert.tab.page.getByRole('menuitem', { name: 'Applause' }).click();
  const said = anna.tab.page.getByRole('log', { name: 'Reactions' });
  await said.getByText(`${bert.name}: Applause`).waitFor();
  await said.getByText('Applause').waitFor({ state: 'detached' });
});
