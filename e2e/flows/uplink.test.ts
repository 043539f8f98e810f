import { flow } from '../harness/flow';
import type { Participant } from '../harness/participant';
import type { Reading } from '../harness/probe';
import { number, outbound, passing, tileOf, videoOf } from '../harness/reading';
import { eventually } from '../harness/eventually';

/** The widths in which a picture is sent, of those layers that moved between two readings. */
function moving(before: Reading, after: Reading): number[] {
  const then = new Map(outbound(before, 'video').map((stat) => [stat.id, number(stat.framesSent)]));
  return outbound(after, 'video')
    .filter((stat) => number(stat.framesSent) > (then.get(stat.id) ?? 0))
    .map((stat) => number(stat.frameWidth))
    .sort((a, b) => a - b);
}

/** Waits until exactly the layers of these widths are sent, for a second of the browser's time. */
async function sends(person: Participant, widths: number[]): Promise<void> {
  await eventually(
    `${person.name} sends pictures of the widths ${widths.join(', ') || 'none'}`,
    async () => {
      const before = await person.read();
      return moving(before, await passing(person, 1000));
    },
    (now) => now.join() === widths.join(),
    40_000,
  );
}

flow('only layers that somebody shows are sent', async ({ stage }) => {
  const [anna] = await stage.meet('Anna Ahorn');
  await sends(anna, []); // nobody is there to see her

  const bert = await stage.person('Bert Birke');
  await bert.join(stage.room);
  await bert.sees(anna.name);
  await bert.look(
    'her picture is large',
    (reading) => videoOf(reading, tileOf(reading, anna.name))?.width === 1280,
    30_000,
  );
  await sends(anna, [320, 640, 1280]);

  // A page that nobody looks at needs no picture.
  const hide = (hidden: boolean) =>
    bert.tab.run(
      (state) => {
        Object.defineProperty(document, 'visibilityState', { value: state, configurable: true });
        document.dispatchEvent(new Event('visibilitychange'));
      },
      hidden ? 'hidden' : 'visible',
    );
  await hide(true);
  await sends(anna, []);
  await hide(false);
  await bert.look(
    'her picture goes on',
    (reading) => videoOf(reading, tileOf(reading, anna.name))?.width === 1280,
    30_000,
  );
  await bert.sees(anna.name);
});
