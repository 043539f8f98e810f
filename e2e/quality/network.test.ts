import { setTimeout as pass } from 'node:timers/promises';
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, test } from 'vitest';
import { launchChromium } from '../harness/chromium';
import { Stage } from '../harness/flow';
import { Network } from '../harness/network';
import type { Participant } from '../harness/participant';
import { outbound } from '../harness/reading';
import { begin, keep, type Figure } from './figure';
import { figures, longestPause, received, type Received } from './received';

const near = 'delay=20ms';
const link = (rate: string) => `delay=20ms rate=${rate} queue=300ms`;
const lasts = Number(process.env.STUBE_LASTS ?? 15_000); // ms of a bad network

let chromium: Browser;
beforeAll(async () => {
  begin();
  chromium = await launchChromium();
});
afterAll(() => chromium.close());

/** A call of Anna, whose network is good, and Bert, who comes with a network that can be made bad. */
interface Call {
  network: Network;
  anna: Participant;
  bert: Participant;
}

/** Plays a call and keeps what is found. */
function scenario(name: string, play: (call: Call) => Promise<Figure[]>): void {
  test(name, async () => {
    const network = await Network.open();
    const stage = new Stage(network.server, network.server.origin, chromium, 'kastanienzimmer');
    stage.owns(() => network.close());
    try {
      const people: Participant[] = [];
      for (const person of ['anna', 'bert']) {
        await network.order(person, { newcomers: true, up: near, down: near });
        const one = await stage.person(person);
        await one.join(stage.room);
        people.push(one);
      }
      const [anna, bert] = people as [Participant, Participant];
      await anna.sees('bert', 'camera', 30_000);
      await bert.sees('anna', 'camera', 30_000);
      await pass(8000); // until both know what the network carries
      keep(name, await play({ network, anna, bert }));
    } finally {
      await stage.close();
    }
  });
}

/** Measures both while Bert's network is like this. */
async function lasting(
  { network, anna, bert }: Call,
  order: { up?: string; down?: string },
): Promise<Figure[]> {
  const before = [received(await bert.read()), received(await anna.read())] as const;
  await network.order('bert', order);
  await pass(lasts);
  const after = [received(await bert.read()), received(await anna.read())] as const;
  return [
    ...figures(before[0], after[0], { who: 'with the bad network: ' }),
    ...figures(before[1], after[1], { who: 'the other: ' }),
  ];
}

scenario('a good network, to compare with', (call) => lasting(call, {}));

scenario('5 % loss', (call) => lasting(call, { up: `${near} loss=5%`, down: `${near} loss=5%` }));

scenario('100 ms, and up to 30 ms of jitter', (call) =>
  lasting(call, { up: 'delay=100ms jitter=30ms', down: 'delay=100ms jitter=30ms' }),
);

scenario('downlink 3 → 0.5 → 3 Mbit/s', async ({ network, bert }) => {
  await network.order('bert', { down: link('3M') });
  await pass(lasts);
  const parts = [received(await bert.read())];
  const queued: number[] = [];
  for (const [rate, unseen] of [
    ['500k', 3000], // ms until anybody can know of a fall, as for participants in Go
    ['3M', 0],
  ] as const) {
    await network.order('bert', { down: link(rate) });
    await pass(unseen);
    await network.order('bert', {});
    await pass(lasts - unseen);
    parts.push(received(await bert.read()));
    queued.push((await network.order('bert', {})).down.queued90);
  }
  const [wide, narrow, again] = parts as [Received, Received, Received];
  return [
    { what: 'heights', value: parts.map((part) => part.height).join(', ') },
    ...figures(wide, narrow, { who: 'after the fall: ' }),
    ...figures(narrow, again, { who: 'after the rise: ' }),
    {
      what: 'waited in the queue, 90 of 100 packets, within and after',
      value: queued.map((ms) => `${ms.toFixed(0)} ms`).join(', '),
      aim: 'within 100 ms',
      met: queued.every((ms) => ms <= 100),
    },
  ];
});

scenario('downlink 250 kbit/s', (call) => lasting(call, { down: link('250k') }));

scenario('uplink 300 kbit/s', async (call) => {
  const found = await lasting(call, { up: link('300k') });
  const layers = outbound(await call.bert.read(), 'video');
  const sent = layers.filter((stat) => stat.active !== false && Number(stat.framesPerSecond) > 0);
  return [...found, { what: 'layers sent at the end', value: `${sent.length} of ${layers.length}` }];
});

scenario('a router forgets the way, and nobody knows', async ({ network, anna, bert }) => {
  const watched = Promise.all([longestPause(bert, lasts), longestPause(anna, lasts)]);
  await network.order('bert', { move: true });
  const [there, here] = await watched;
  const seconds = (ms: number) => `${(ms / 1000).toFixed(1)} s`;
  return [
    { what: 'no sound and picture, there', value: `${seconds(there.audio)}, ${seconds(there.video)}` },
    { what: 'and here', value: `${seconds(here.audio)}, ${seconds(here.video)}` },
  ];
});
