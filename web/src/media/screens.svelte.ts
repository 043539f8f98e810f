import type { ScreenKind } from '../call/model';

/** A screen, window or tab that is captured to be shared. */
export interface SharedScreen {
  /** Ties the picture to its sound. */
  group: string;
  kind: ScreenKind;
  stream: MediaStream;
  video: MediaStreamTrack;
  audio: MediaStreamTrack | undefined;
  /** Shares it no longer. */
  stop: () => void;
}

/** What goes beyond the standard types, for browsers that know it. */
interface CaptureOptions extends DisplayMediaStreamOptions {
  surfaceSwitching?: 'include';
  selfBrowserSurface?: 'exclude';
  systemAudio?: 'include';
}

/** The own shared screens. It owns their tracks. */
export class Screens {
  shared = $state.raw<SharedScreen[]>([]);
  readonly #media: MediaDevices | undefined;
  readonly #changed: () => void;

  constructor(changed: () => void, media: MediaDevices | undefined = navigator.mediaDevices) {
    this.#changed = changed;
    this.#media = media;
  }

  /** Whether this browser can share a screen. */
  get possible(): boolean {
    return this.#media !== undefined && 'getDisplayMedia' in this.#media;
  }

  /** Asks the person what to share; false when it didn't work, true also when the person thought better of it. */
  async add(kind: ScreenKind): Promise<boolean> {
    const options: CaptureOptions = {
      video: { frameRate: kind === 'motion' ? { ideal: 30 } : { ideal: 10, max: 15 } },
      // Sound as it is: what makes a voice clear spoils music.
      audio: { echoCancellation: false, noiseSuppression: false, autoGainControl: false, channelCount: 2 },
      surfaceSwitching: 'include',
      selfBrowserSurface: 'exclude',
      systemAudio: 'include',
    };
    try {
      const stream = await this.#media?.getDisplayMedia(options);
      const video = stream?.getVideoTracks()[0];
      if (!stream || !video) return false;
      video.contentHint = kind === 'motion' ? 'motion' : 'text';
      const audio = stream.getAudioTracks()[0];
      if (audio) audio.contentHint = 'music';
      const group = crypto.randomUUID();
      const stop = () => this.#stop(group);
      video.addEventListener('ended', stop);
      this.shared = [...this.shared, { group, kind, stream: new MediaStream([video]), video, audio, stop }];
      this.#changed();
      return true;
    } catch (error) {
      return error instanceof Error && error.name === 'NotAllowedError';
    }
  }

  /** Shares the screen of this group no longer. */
  stop(group: string): void {
    this.#stop(group);
  }

  stopAll(): void {
    for (const screen of this.shared) screen.stop();
  }

  #stop(group: string): void {
    const screen = this.shared.find((one) => one.group === group);
    if (!screen) return;
    screen.video.stop();
    screen.audio?.stop();
    this.shared = this.shared.filter((one) => one !== screen);
    this.#changed();
  }
}
