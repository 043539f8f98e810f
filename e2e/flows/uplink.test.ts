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

  await anna.tab.click('Share screen');
  await bert.sees(anna.name, 'screen');

  // A page that nobody looks at needs no picture, and no screen.
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
  await anna.tab.click('Stop sharing');
  await hide(false);
  await bert.look(
    'her picture goes on',
    (reading) => videoOf(reading, tileOf(reading, anna.name))?.width === 1280,
    30_000,
  );
  await bert.sees(anna.name);
});

flow(
  'to save data a small picture is sent, and all of it again when that is not wanted',
  async ({ stage }) => {
    const [anna, bert] = await stage.meet('Anna Ahorn', 'Bert Birke');
    const choose = async (pictures: string) => {
      await bert.tab.click('Settings');
      await bert.tab.page.getByText(pictures).click();
      await bert.tab.page.keyboard.press('Escape');
    };
    await sends(bert, [320, 640, 1280]);
    await choose('Small, to save data');
    await sends(bert, [320, 640]);
    await anna.look(
      'his picture goes on, smaller',
      (reading) => videoOf(reading, tileOf(reading, bert.name))?.width === 640,
      30_000,
    );
    await anna.sees(bert.name);
    await choose('As sharp as they are shown');
    await sends(bert, [320, 640, 1280]);
  },
);
