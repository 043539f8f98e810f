import { eventually } from './eventually';
import type { Reading } from './probe';
import { energies, tileOf, videoOf, type ReceivedVideo } from './reading';
import type { Tab } from './tab';

/** Frames that must be decoded anew for a picture to count as moving. */
const movingFrames = 5;

/** Somebody in a meeting, through a page of a browser. */
export class Participant<T extends Tab = Tab> {
  readonly name: string;
  readonly tab: T;
  readonly #origin: string;

  constructor(name: string, tab: T, origin: string) {
    this.name = name;
    this.tab = tab;
    this.#origin = origin;
  }

  /** Opens the page of a room, types the name, joins, and waits for the meeting. */
  async join(room: string): Promise<void> {
    await this.tab.open(`${this.#origin}/${room}`);
    await this.enter();
  }

  /** Joins from the page before joining. */
  async enter(): Promise<void> {
    await this.tab.fill('Your name', this.name);
    await this.tab.click('Join');
    await this.look('the own tile is there', (reading) => tileOf(reading, this.name) !== undefined);
  }

  /** What the page shows and receives now. */
  read(): Promise<Reading> {
    return this.tab.run((list) => window.stubeProbe.read(list), 'Meeting');
  }

  /** Waits until what the page shows and receives is as it should be. */
  look(what: string, good: (reading: Reading) => boolean, deadline?: number): Promise<Reading> {
    return eventually(`${this.name}: ${what}`, () => this.read(), good, deadline);
  }

  /** Waits until the picture in somebody's tile has moved on from now. */
  async sees(name: string, kind: 'camera' | 'screen' = 'camera', deadline?: number): Promise<ReceivedVideo> {
    const video = (reading: Reading) => videoOf(reading, tileOf(reading, name, kind));
    const before = video(await this.read());
    const from = (seen: ReceivedVideo) =>
      seen.decoded < (before?.decoded ?? 0) ? 0 : (before?.decoded ?? 0);
    const seen = await eventually(
      `${this.name} sees the ${kind} of ${name} move`,
      async () => video(await this.read()),
      (now) => now !== undefined && now.decoded >= from(now) + movingFrames,
      deadline,
    );
    if (!seen) throw new Error('unreachable');
    return seen;
  }

  /** Waits until so many others, and no more, are heard from now on. */
  async hears(count: number, deadline?: number): Promise<void> {
    const before = energies(await this.read());
    await eventually(
      `${this.name} hears ${count}`,
      async () => {
        const now = energies(await this.read());
        return { before: Object.fromEntries(before), now: Object.fromEntries(now) };
      },
      (seen) => {
        const louder = Object.entries(seen.now).filter(([id, energy]) => energy > (seen.before[id] ?? 0));
        return louder.length === count;
      },
      deadline,
    );
  }

  /** Waits until nothing of anybody's voice comes in for as long as the picture of somebody moves on a good while. */
  async hearsNobody(clock: string): Promise<void> {
    const heard = (reading: Reading) => JSON.stringify([...energies(reading)]);
    await eventually(`${this.name} hears nobody`, async () => {
      const before = heard(await this.read());
      for (let look = 0; look < 3; look++) await this.sees(clock);
      return heard(await this.read()) === before;
    });
  }

  /** Waits until ICE was restarted on every transport since a reading. */
  async restartsICE(since: Reading): Promise<void> {
    await eventually(
      `${this.name} restarts ICE`,
      async () => (await this.read()).iceSessions,
      (sessions) => sessions.length > 0 && sessions.every((session) => !since.iceSessions.includes(session)),
      30_000,
    );
  }

  /** Waits until the label of somebody's camera tile matches. */
  async finds(name: string, label: RegExp, deadline?: number): Promise<void> {
    await eventually(
      `${this.name} finds the tile of ${name} as ${label}`,
      async () => (await this.read()).tiles.map((tile) => tile.label),
      (labels) => labels.some((one) => one.startsWith(name) && !one.includes(', screen') && label.test(one)),
      deadline,
    );
  }

  /** Waits until nobody of this name has a tile. */
  async misses(name: string, deadline?: number): Promise<void> {
    await this.look(
      `the tiles of ${name} are gone`,
      (reading) => !reading.tiles.some((tile) => tile.label.startsWith(name)),
      deadline,
    );
  }
}
