/** Keeps the screen on as long as it is held, where the browser can. */
export class WakeLock {
  #sentinel: WakeLockSentinel | undefined;
  #held = false;
  /** The browser takes the lock away when the page is hidden. */
  readonly #again = () => {
    if (document.visibilityState === 'visible') void this.#request();
  };

  hold(): void {
    if (this.#held) return;
    this.#held = true;
    document.addEventListener('visibilitychange', this.#again);
    void this.#request();
  }

  release(): void {
    this.#held = false;
    document.removeEventListener('visibilitychange', this.#again);
    this.#sentinel?.release().catch(() => undefined);
    this.#sentinel = undefined;
  }

  async #request(): Promise<void> {
    try {
      const sentinel = await navigator.wakeLock.request('screen');
      if (this.#held) this.#sentinel = sentinel;
      else await sentinel.release();
    } catch {
      // The battery is low, or the browser knows no such thing.
    }
  }
}
