import { expect } from 'vitest';
import { flow } from '../harness/flow';
import { inbound, number, ways } from '../harness/reading';

flow('a lost path is found again by restarting ICE', async ({ path, far }) => {
  const [anna, bert] = await far.meet('Anna Ahorn', 'Bert Birke');
  await anna.sees(bert.name);
  await bert.sees(anna.name);
  const before = await anna.read();

  path.block();
  await anna.tab.page.getByText('Picture and sound do not come through').waitFor({ timeout: 30_000 });
  await anna.finds(anna.name, /no connection/);
  await anna.restartsICE(before);

  path.mend();
  await anna.tab.page.getByText('Picture and sound are back').waitFor({ timeout: 30_000 });
  await anna.sees(bert.name, 'camera', 30_000);
  await bert.sees(anna.name, 'camera', 30_000);
  await anna.hears(1);
});

flow('media follows to another address', async ({ path, far }) => {
  const [anna, bert] = await far.meet('Anna Ahorn', 'Bert Birke');
  await anna.sees(bert.name);
  await bert.sees(anna.name);
  path.move();
  await anna.sees(bert.name, 'camera', 30_000);
  await bert.sees(anna.name, 'camera', 30_000);
  await anna.hears(1);
});

flow('where UDP is blocked media goes over TCP', async ({ path, far }) => {
  path.block({ tcp: true });
  const [anna, bert] = await far.meet('Anna Ahorn', 'Bert Birke');
  await anna.sees(bert.name, 'camera', 30_000);
  await bert.sees(anna.name, 'camera', 30_000);
  await bert.hears(1);
  expect(ways(await anna.read())).toEqual(['tcp', 'tcp']);
});

flow('lost packets are sent again', async ({ path, far }) => {
  const [anna, bert] = await far.meet('Anna Ahorn', 'Bert Birke');
  await anna.sees(bert.name);
  expect(Math.max(...(await anna.read()).delays)).toBe(0);
  path.loseOneIn(25);
  await anna.look('packets are asked for and come', (reading) =>
    inbound(reading, 'video').some(
      (stat) => number(stat.nackCount) > 0 && number(stat.retransmittedPacketsReceived) > 0,
    ),
  );
  await anna.sees(bert.name);
  await bert.sees(anna.name);
  path.loseOneIn(6);
  // Sound that is sent again comes in time only when all of it is played later.
  await anna.look('sound is played later', (reading) => Math.max(...reading.delays) >= 90, 60_000);
});
