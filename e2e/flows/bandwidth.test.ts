import { eventually } from '../harness/eventually';
import { flow } from '../harness/flow';
import { ask } from '../harness/wire';

/** What the server knows of the way to a page. */
interface Downlink {
  estimate?: number; // bit/s
  loss: number;
  roundTrip: number; // ms
}

flow('the server learns from browsers what they can receive', async ({ stage }) => {
  const [anna] = await stage.meet('Anna Ahorn');
  const bert = await stage.person('Bert Birke');
  await bert.join(stage.room);
  await bert.sees(anna.name);
  // Only the browser's feedback about each packet tells a round trip.
  await eventually(
    'the way to a browser is known',
    () => ask<Downlink>(bert, 'downlink'),
    (known) => typeof known === 'object' && known.roundTrip > 0 && (known.estimate ?? 0) > 1_000_000,
  );

  const carl = await stage.meetInFirefox('Carl Celtis');
  await carl.sees(anna.name);
  await anna.sees(carl.name);
});
