import { flow } from '../harness/flow';

for (const [how, end] of [
  ['stopped', 'stop'],
  ['crashed', 'crash'],
] as const) {
  flow(`a meeting goes on after the server ${how} and was started again`, async ({ path, far }) => {
    const people = await far.meet('Anna Ahorn', 'Bert Birke');
    const [anna, bert] = people;
    for (const one of people) one.tab.complaints.expect(/^console: WebSocket connection to/);
    await anna.sees(bert.name);
    await path.server[end]();
    for (const one of people) await one.tab.page.getByText('The connection is interrupted').waitFor();
    await path.server.start();
    for (const one of people) {
      await one.tab.page.getByText('You are back in the meeting.').waitFor({ timeout: 30_000 });
    }
    await anna.sees(bert.name);
    await bert.sees(anna.name);
    await anna.hears(1);
    await bert.hears(1);
    for (const one of people) await one.look('there are two tiles', ({ tiles }) => tiles.length === 2);
  });
}
