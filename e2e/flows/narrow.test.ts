import { expect } from 'vitest';
import { flow } from '../harness/flow';
import type { Participant } from '../harness/participant';
import type { Reading, Stat } from '../harness/probe';
import { inbound, number, passing, tileOf } from '../harness/reading';

/** What is received of the only picture. */
function picture(reading: Reading): Stat | undefined {
  return inbound(reading, 'video')[0];
}

/** Reads the picture second by second of the browser's time. */
async function watch(person: Participant, seconds: number): Promise<(Stat | undefined)[]> {
  const seen = [await person.read()];
  for (let second = 0; second < seconds; second++) {
    seen.push(await passing(person, 1000));
  }
  return seen.map(picture);
}

flow('on a narrow network a picture loses frames or size, and goes on', async ({ path, far }) => {
  const [anna, bert] = await far.meet('Anna Ahorn', 'Bert Birke');
  await bert.sees(anna.name);
  const wide = (reading: Reading) =>
    number(picture(reading)?.frameWidth) === 1280 &&
    number(picture(reading)?.framesPerSecond) >= 9 &&
    !tileOf(reading, anna.name)?.label.includes('reduced');
  await bert.look('the picture is large', wide, 30_000);

  path.narrow(300_000);
  await bert.finds(anna.name, /reduced picture/);
  await passing(bert, 3000); // the queue before the narrow link empties
  const narrow = await watch(bert, 8);
  const frames = narrow.map((stat) => number(stat?.framesDecoded));
  // The camera takes ten frames a second, and the link carries them smaller, or half of them larger. Between sizes the
  // picture may stand still for a moment, but no two seconds are without frames.
  expect(Math.min(...frames.slice(2).map((count, at) => count - (frames[at] ?? 0)))).toBeGreaterThan(2);
  expect(narrow.every((stat) => number(stat?.framesPerSecond) <= 6 || number(stat?.frameWidth) < 1280)).toBe(
    true,
  );
  const stood = number(narrow.at(-1)?.totalFreezesDuration) - number(narrow[0]?.totalFreezesDuration);
  expect(stood, 'seconds for which the picture stood still').toBeLessThan(2);

  path.mend();
  await bert.look('the picture is large again', wide, 40_000);
});

flow('pictures that a network does not carry are paused, and say so', async ({ path, far }) => {
  const [anna, clara, dora, bert] = await far.meet('Anna Ahorn', 'Clara Buche', 'Dora Eiche', 'Bert Birke');
  const others = [anna, clara, dora];
  for (const one of others) await bert.sees(one.name);
  const paused = (reading: Reading) => reading.tiles.filter((tile) => tile.label.includes('Paused')).length;

  path.narrow(110_000);
  await bert.look('some pictures are paused, and one is not', (reading) => {
    const count = paused(reading);
    return count > 0 && count < others.length;
  });
  await bert.tab.page.getByText('Paused for your connection').first().waitFor();

  path.mend();
  await bert.look('none is paused', (reading) => paused(reading) === 0, 40_000);
  for (const one of others) await bert.sees(one.name);
});
