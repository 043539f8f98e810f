/** After this long without a movement the controls step back. */
const PATIENCE = 4000;

/** Whether nobody has moved, touched or typed for a while. */
export class Idle {
  now = $state(false);
  #timer: ReturnType<typeof setTimeout> | undefined;
  readonly #busy: () => boolean;

  /** While busy answers true, nothing is idle: something is open, or the keyboard is in the controls. */
  constructor(busy: () => boolean) {
    this.#busy = busy;
  }

  readonly wake = (): void => {
    this.now = false;
    clearTimeout(this.#timer);
    this.#timer = setTimeout(this.#rest, PATIENCE);
  };

  stop(): void {
    clearTimeout(this.#timer);
  }

  readonly #rest = (): void => {
    if (this.#busy()) this.wake();
    else this.now = true;
  };
}
