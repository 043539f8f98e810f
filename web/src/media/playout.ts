import { Patience } from './patience';

/** How often is looked at what was missing, in ms: until then it is heard. */
const interval = 300;

/** What plays sound at any time, and how long the way to the server and back takes in ms. */
export interface Played {
  receivers(): RTCRtpReceiver[];
  roundTrip(): number;
}

/** Has sound played later where repairs come too late. It owns its timer from start() to stop(). */
export class Playout {
  readonly #played: Played;
  #patience = new Patience();
  #timer: ReturnType<typeof setInterval> | undefined;

  constructor(played: Played) {
    this.#played = played;
  }

  /** Begins to look, and forgets what was before. */
  start(): void {
    this.stop();
    this.#patience = new Patience();
    this.#timer = setInterval(() => void this.#look(), interval);
  }

  stop(): void {
    clearInterval(this.#timer);
  }

  async #look(): Promise<void> {
    const patience = this.#patience;
    // Older browsers know no delay.
    const receivers = this.#played.receivers().filter((receiver) => 'jitterBufferTarget' in receiver);
    const reports = await Promise.all(receivers.map((receiver) => receiver.getStats().catch(() => [])));
    if (patience !== this.#patience) return;
    const delays = patience.look(
      reports.flatMap((report) => [...report]),
      this.#played.roundTrip(),
    );
    for (const receiver of receivers) {
      const delay = delays.get(receiver.track.id) ?? null;
      if (receiver.jitterBufferTarget !== delay) receiver.jitterBufferTarget = delay;
    }
  }
}
