/** The loudness range that is shown, in dB below full scale. */
const quietest = -60;
const loudest = -12;

/** How loud samples are, from 0 (silence) to 1 (a raised voice close by). */
export function loudness(samples: Float32Array): number {
  let sum = 0;
  for (const sample of samples) sum += sample * sample;
  const decibels = 10 * Math.log10(sum / samples.length || 1e-12);
  return Math.min(Math.max((decibels - quietest) / (loudest - quietest), 0), 1);
}

/** Measures how loud a track is, twenty times a second, until it is stopped. */
export class LevelMeter {
  readonly #context = new AudioContext();
  readonly #timer: ReturnType<typeof setInterval>;
  readonly #wake = () => void this.#context.resume();

  constructor(track: MediaStreamTrack, report: (level: number) => void) {
    const analyser = this.#context.createAnalyser();
    analyser.fftSize = 1024;
    this.#context.createMediaStreamSource(new MediaStream([track])).connect(analyser);
    const samples = new Float32Array(analyser.fftSize);
    let shown = 0;
    this.#timer = setInterval(() => {
      analyser.getFloatTimeDomainData(samples);
      shown = Math.max(loudness(samples), shown * 0.8); // up at once, down softly
      report(shown < 0.01 ? 0 : shown);
    }, 50);
    // Some browsers let a page listen only after the person touched it.
    addEventListener('pointerdown', this.#wake);
    addEventListener('keydown', this.#wake);
  }

  stop(): void {
    clearInterval(this.#timer);
    removeEventListener('pointerdown', this.#wake);
    removeEventListener('keydown', this.#wake);
    void this.#context.close();
  }
}
