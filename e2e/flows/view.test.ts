import { expect } from 'vitest';
import { crowd } from '../harness/crowd';
import { eventually } from '../harness/eventually';
import { flow } from '../harness/flow';
import type { Participant } from '../harness/participant';
import type { Reading } from '../harness/probe';
import { inbound, number, tileOf, videoOf } from '../harness/reading';

flow('a pinned tile is received large, the others small', async ({ stage }) => {
  const [anna, bert, clara] = await stage.meet('Anna Ahorn', 'Bert Birke', 'Clara Buche');
  const width = (name: string) =>
    anna.read().then((reading) => videoOf(reading, tileOf(reading, name))?.width);
  await anna.sees(bert.name);
  await anna.sees(clara.name);

  await anna.tab.click('Pin Bert Birke');
  await anna.look(
    'the pinned picture is large and the other small',
    (reading) =>
      videoOf(reading, tileOf(reading, bert.name))?.width === 1280 &&
      videoOf(reading, tileOf(reading, clara.name))?.width === 320,
    30_000,
  );
  await anna.sees(bert.name);
  await anna.sees(clara.name);

  await anna.tab.click('Unpin Bert Birke');
  await anna.look('they are equal again', (reading) => {
    const widths = [bert, clara].map((one) => videoOf(reading, tileOf(reading, one.name))?.width);
    return widths[0] === widths[1];
  });
  expect(await width(bert.name)).toBe(640);
});

flow('in the speaker view who speaks has the stage', async ({ stage }) => {
  const [anna, bert, clara] = await stage.meet('Anna Ahorn', 'Bert Birke', 'Clara Buche');
  const { page } = anna.tab;
  await anna.sees(bert.name);
  await anna.sees(clara.name);
  const width = async (name: string) => {
    const tile = page.getByRole('list', { name: 'Meeting' }).getByRole('listitem', { name });
    return (await tile.boundingBox())?.width ?? 0;
  };
  const widths = () => Promise.all([width(bert.name), width(clara.name)]);

  await anna.tab.click('Mute microphone'); // else she is the one who speaks most
  await anna.tab.click('Speaker view');
  await clara.tab.click('Mute microphone');
  await eventually('Bert has the stage', widths, ([one, other]) => one > 2 * other);
  await clara.tab.click('Unmute microphone');
  await bert.tab.click('Mute microphone');
  await eventually('Clara has the stage', widths, ([one, other]) => other > 2 * one);
  await anna.tab.click('Grid view');
  await eventually('they are equal', widths, ([one, other]) => one === other);
});

/** The tracks of which something came in between two readings. */
function flowing(kind: 'audio' | 'video', before: Reading, after: Reading): unknown[] {
  const then = new Map(
    inbound(before, kind).map((stat) => [stat.trackIdentifier, number(stat.packetsReceived)]),
  );
  return inbound(after, kind)
    .filter((stat) => number(stat.packetsReceived) > (then.get(stat.trackIdentifier) ?? 0))
    .map((stat) => stat.trackIdentifier)
    .sort();
}

/** Waits until exactly the pictures that the page shows come in, and gives their tracks. */
async function receivesWhatItShows(person: Participant): Promise<unknown[]> {
  const { shown } = await eventually(
    `${person.name} receives what is shown, and nothing else`,
    async () => {
      const before = await person.read();
      const others = before.tiles.filter((tile) => !tile.label.includes('(you)'));
      const shown = others.map((tile) => tile.trackId).sort();
      let received: unknown[] = [];
      // A track counts as received when it moves within the time that the slowest of those shown needs.
      for (let look = 0; look < 20 && received.length < shown.length; look++) {
        received = flowing('video', before, await person.read());
      }
      return { shown, received };
    },
    ({ shown, received }) => shown.length > 4 && shown.join() === received.join(),
    40_000,
  );
  return shown;
}

flow('only what can be seen is received', async ({ stage }) => {
  const anna = await stage.person('Anna Ahorn', { viewport: { width: 400, height: 560 } });
  await anna.join(stage.room);
  stage.owns(crowd(stage.origin, stage.room, 30));
  // Of so many microphones those that matter come over a fixed few tracks.
  await anna.look('all are heard', (reading) => inbound(reading, 'audio').length === 5, 40_000);
  const first = await receivesWhatItShows(anna);
  await anna.tab.click('Next page');
  await anna.tab.page.getByText('2 / 2').waitFor();
  const second = await receivesWhatItShows(anna);
  expect(second.filter((track) => first.includes(track))).toEqual([]);

  // A page that nobody looks at receives sound only.
  await anna.tab.run(() => {
    Object.defineProperty(document, 'visibilityState', { value: 'hidden' });
    document.dispatchEvent(new Event('visibilitychange'));
  }, undefined);
  await eventually(
    'sound comes in, and no picture',
    async () => {
      const before = await anna.read();
      let after = await anna.read();
      // The browser gives the same statistics again for a while.
      for (let look = 0; look < 50 && flowing('audio', before, after).length === 0; look++) {
        after = await anna.read();
      }
      return { pictures: flowing('video', before, after), sounds: flowing('audio', before, after) };
    },
    ({ pictures, sounds }) => pictures.length === 0 && sounds.length > 0,
  );
});
