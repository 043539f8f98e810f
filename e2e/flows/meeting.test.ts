import { flow } from '../harness/flow';

flow('three people see and hear each other', async ({ stage }) => {
  const people = await stage.meet('Anna Ahorn', 'Bert Birke', 'Clara Buche');
  for (const one of people) {
    for (const other of people) {
      if (other !== one) await one.sees(other.name);
    }
    await one.hears(2);
  }
});
