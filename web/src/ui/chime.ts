/** After how long a sound would belong to nothing any more, in ms. */
const late = 1_000;

/** The soft sounds of people coming and going: two sine tones, rising or falling. */
export class Chime {
  #context: AudioContext | undefined;

  joined(): void {
    this.#play([523.25, 659.25]);
  }

  /** Somebody is at the door: twice the same, as with knuckles. */
  knocked(): void {
    this.#play([440, 440, 659.25]);
  }

  left(): void {
    this.#play([587.33, 440]);
  }

  close(): void {
    void this.#context?.close();
    this.#context = undefined;
  }

  #play(tones: readonly number[]): void {
    if (typeof AudioContext === 'undefined') return;
    this.#context ??= new AudioContext();
    const context = this.#context;
    if (context.state === 'running') return this.#ring(context, tones);
    // A new context takes a moment. Without a gesture of the person the browser keeps silence; then a sound would only
    // come late.
    const asked = performance.now();
    void context.resume().then(() => {
      if (context === this.#context && performance.now() - asked < late) this.#ring(context, tones);
    });
  }

  #ring(context: AudioContext, tones: readonly number[]): void {
    tones.forEach((frequency, index) => {
      const start = context.currentTime + index * 0.11;
      const tone = context.createOscillator();
      const volume = context.createGain();
      tone.frequency.value = frequency;
      volume.gain.setValueAtTime(0, start);
      volume.gain.linearRampToValueAtTime(0.045, start + 0.02);
      volume.gain.exponentialRampToValueAtTime(0.0001, start + 0.32);
      tone.connect(volume).connect(context.destination);
      tone.start(start);
      tone.stop(start + 0.34);
    });
  }
}
