import { setTimeout as pass } from 'node:timers/promises';
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, test } from 'vitest';
import { launchChromium } from '../harness/chromium';
import { Stage } from '../harness/flow';
import { Network } from '../harness/network';
import type { Participant } from '../harness/participant';
import { outbound } from '../harness/reading';
import { begin, keep, type Figure } from './figure';
import { adaptation, figures, longestPause, received } from './received';
import { speech } from './speech';

const near = 'delay=20ms';
const link = (rate: string) => `delay=20ms rate=${rate} queue=300ms`;
const lasts = Number(process.env.STUBE_LASTS ?? 20_000); // ms of a bad network

/** How long people are there before anything changes, in ms: until all know what the network carries. */
const settled = 8000;
/** How long a network that falls may be noticed, in ms: until anybody can know of it, as for participants in Go. */
const adapting = 3000;

let chromium: Browser;
beforeAll(async () => {
  begin();
  chromium = await launchChromium('usual', await speech());
});
afterAll(() => chromium.close());

/** A call of Anna, whose network is good, and Bert, who comes with a network that can be made bad. */
interface Call {
  network: Network;
  anna: Participant;
  bert: Participant;
  /** Lets another one join, with a good network of their own. */
  come(name: string): Promise<Participant>;
}

/** Plays a call and keeps what is found. */
function scenario(name: string, play: (call: Call) => Promise<Figure[]>): void {
  test(name, async () => {
    const network = await Network.open();
    const stage = new Stage(network.server, network.server.origin, chromium, 'kastanienzimmer');
    stage.owns(() => network.close());
    try {
      const come = async (name: string) => {
        await network.order(name, { newcomers: true, up: near, down: near });
        const person = await stage.person(name);
        await person.join(stage.room);
        return person;
      };
      // A page connects for receiving when there is somebody to receive. Anna's has to be connected before Bert comes,
      // or the relay would take that for his connection, too.
      const clara = await come('clara');
      const anna = await come('anna');
      await anna.sees('clara', 'camera', 30_000);
      await clara.tab.click('Leave');
      await anna.misses('clara');
      const bert = await come('bert');
      await anna.sees('bert', 'camera', 30_000);
      await bert.sees('anna', 'camera', 30_000);
      await pass(settled);
      keep(name, await play({ network, anna, bert, come }));
    } finally {
      await stage.close();
    }
  });
}

/** Measures both while Bert's network is like this; what they hear while they adapt to it is told apart. */
async function lasting(
  { network, anna, bert }: Call,
  order: { up?: string; down?: string },
  { unseen = 0 } = {}, // ms
): Promise<Figure[]> {
  const look = async () => ({ bert: received(await bert.read()), anna: received(await anna.read()) });
  const before = await look();
  await network.order('bert', order);
  await pass(unseen);
  const adapted = await look();
  await pass(lasts - unseen);
  const after = await look();
  return (['bert', 'anna'] as const).flatMap((one) => {
    const who = one === 'bert' ? 'with the bad network: ' : 'the other: ';
    const found = figures(adapted[one], after[one], { who });
    return unseen > 0 ? [...found, adaptation(before[one], adapted[one], { who })] : found;
  });
}

scenario('a good network, to compare with', (call) => lasting(call, {}));

scenario('1 % loss', (call) => lasting(call, { up: `${near} loss=1%`, down: `${near} loss=1%` }));

scenario('5 % loss', (call) => lasting(call, { up: `${near} loss=5%`, down: `${near} loss=5%` }));

scenario('5 % loss in bursts of 5 packets', (call) =>
  lasting(call, { up: `${near} burst=5%x5`, down: `${near} burst=5%x5` }),
);

scenario('100 ms, and up to 30 ms of jitter', (call) =>
  lasting(call, { up: 'delay=100ms jitter=30ms', down: 'delay=100ms jitter=30ms' }),
);

scenario('downlink 3 → 0.5 → 3 Mbit/s', async ({ network, bert }) => {
  await network.order('bert', { down: link('3M') });
  await pass(lasts);
  const look = async () => received(await bert.read());
  const wide = await look();
  await network.order('bert', { down: link('500k') });
  await pass(adapting);
  const adapted = await look();
  await network.order('bert', {});
  await pass(lasts - adapting);
  const narrow = await look();
  const queued = [(await network.order('bert', { down: link('3M') })).down.queued90];
  await pass(lasts);
  const again = await look();
  queued.push((await network.order('bert', {})).down.queued90);
  return [
    { what: 'heights', value: [wide, narrow, again].map((part) => part.height).join(', ') },
    ...figures(adapted, narrow, { who: 'after the fall: ' }),
    adaptation(wide, adapted, { who: 'after the fall: ' }),
    ...figures(narrow, again, { who: 'after the rise: ' }),
    {
      what: 'waited in the queue, 90 of 100 packets, within and after',
      value: queued.map((ms) => `${ms.toFixed(0)} ms`).join(', '),
      aim: 'within 100 ms',
      met: queued.every((ms) => ms <= 100),
    },
  ];
});

scenario('downlink 250 kbit/s', (call) => lasting(call, { down: link('250k') }, { unseen: adapting }));

scenario('two receivers of a third, and one has a downlink of 500 kbit/s', async (call) => {
  const clara = await call.come('clara');
  for (const other of ['anna', 'bert']) await clara.sees(other, 'camera', 30_000);
  await pass(settled);
  const before = received(await clara.read());
  const found = await lasting(call, { down: link('500k') }, { unseen: adapting });
  const good = figures(before, received(await clara.read()), { who: 'the third, with a good network: ' });
  return [...found.filter(({ what }) => !what.startsWith('the other')), ...good];
});

scenario('uplink 300 kbit/s', async (call) => {
  const found = await lasting(call, { up: link('300k') }, { unseen: adapting });
  const layers = outbound(await call.bert.read(), 'video');
  const sent = layers.filter((stat) => stat.active !== false && Number(stat.framesPerSecond) > 0);
  return [...found, { what: 'layers sent at the end', value: `${sent.length} of ${layers.length}` }];
});

/** Measures the longest time without media when Bert gets other addresses, five times. */
async function moving({ network, anna, bert }: Call, { told }: { told: boolean }): Promise<Figure[]> {
  const times = 5;
  const watched = Promise.all([longestPause(bert, lasts), longestPause(anna, lasts)]);
  for (let time = 0; time < times; time++) {
    await network.order('bert', { move: true });
    if (told) await bert.tab.run(() => window.dispatchEvent(new Event('online')), undefined);
    await pass(lasts / times);
  }
  const [there, here] = await watched;
  const seconds = (ms: number) => `${(ms / 1000).toFixed(1)} s`;
  return [
    { what: 'longest time without sound, and picture, there', pause: there },
    { what: 'and here', pause: here },
  ].map(({ what, pause }) => ({
    what,
    value: `${seconds(pause.audio)}, ${seconds(pause.video)}`,
    ...(told && { aim: 'within 1 s', met: Math.max(pause.audio, pause.video) <= 1000 }),
  }));
}

scenario('another network five times, and the page restarts ICE', (call) => moving(call, { told: true }));

scenario('a router forgets the way five times, and nobody knows', (call) => moving(call, { told: false }));
