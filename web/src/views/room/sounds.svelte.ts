import type { Meeting } from '../../call/model';
import { Chime } from '../../ui/chime';

/**
 * Makes a sound for who comes, goes or knocks, as long as the component lives that calls it. A line of text for each is
 * a notice; the sound goes with it.
 */
export function soundNotices(meeting: Meeting): void {
  const chime = new Chime();
  let heard = 0;
  $effect(() => {
    const fresh = meeting.notices.filter(({ id }) => id > heard);
    heard = Math.max(heard, ...meeting.notices.map(({ id }) => id));
    if (fresh.some(({ kind }) => kind === 'knocking')) chime.knocked();
    else if (fresh.some(({ kind }) => kind === 'joined')) chime.joined();
    else if (fresh.some(({ kind }) => kind === 'left' || kind === 'lost')) chime.left();
  });
  $effect(() => () => chime.close());
}
