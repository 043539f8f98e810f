import type { DeviceInfo, Permission } from '../call/model';

type CaptureKind = 'videoinput' | 'audioinput';

export interface CaptureEvents {
  /** Another track is captured now, or none. */
  changed(track: MediaStreamTrack | undefined): void;
  /** The device in use went away; what is used instead, if anything. */
  lost(instead: DeviceInfo | undefined): void;
  /** The system's default device became another one, which is used now. */
  switched(now: DeviceInfo | undefined): void;
}

const constraints: Record<CaptureKind, MediaTrackConstraints> = {
  videoinput: { width: { ideal: 1280 }, height: { ideal: 720 }, frameRate: { ideal: 30, max: 30 } },
  audioinput: { echoCancellation: true, noiseSuppression: true, autoGainControl: true, channelCount: 1 },
};

/**
 * The own camera, or the own microphone: switched on it captures, switched off the device is released. It survives
 * a device that is pulled out by taking another one.
 */
export class Capture {
  devices = $state.raw<DeviceInfo[]>([]);
  /** What the person chose; empty: the browser's choice. */
  chosen = $state('');
  permission = $state<Permission>('unknown');
  track = $state.raw<MediaStreamTrack | undefined>();

  readonly #kind: CaptureKind;
  readonly #media: MediaDevices;
  readonly #events: CaptureEvents;
  /** What is being done to the device, one thing after another. */
  #work: Promise<void> = Promise.resolve();
  /** The device behind the system's default, where the browser tells. */
  #defaultGroup: string | undefined;

  constructor(kind: CaptureKind, media: MediaDevices, events: CaptureEvents, chosen: string) {
    this.#kind = kind;
    this.#media = media;
    this.#events = events;
    this.chosen = chosen;
  }

  get on(): boolean {
    return this.track !== undefined;
  }

  /** The id of the device in use, or of the one to be used. */
  get device(): string {
    return this.track?.getSettings().deviceId ?? this.chosen;
  }

  /** What to ask the browser for. */
  get constraints(): MediaTrackConstraints {
    const deviceId = this.chosen ? { deviceId: { exact: this.chosen } } : {};
    return { ...constraints[this.#kind], ...deviceId };
  }

  turn(on: boolean): Promise<void> {
    return this.#enqueue(async () => {
      if (!on) this.release();
      else if (!this.track) await this.#acquire();
    });
  }

  choose(id: string): Promise<void> {
    this.chosen = id;
    return this.#enqueue(async () => {
      if (this.track) await this.#acquire();
    });
  }

  /** Captures this track from now on. */
  take(track: MediaStreamTrack): void {
    const before = this.track;
    this.track = track;
    this.permission = 'granted';
    track.addEventListener('ended', () => this.#ended(track));
    this.#events.changed(track);
    before?.stop();
  }

  /** Stops capturing: the device is free, its light goes off. */
  release(): void {
    if (!this.track) return;
    this.track.stop();
    this.track = undefined;
    this.#events.changed(undefined);
  }

  /** Notes why the browser gave no track. */
  failed(error: unknown): void {
    const name = error instanceof Error ? error.name : '';
    if (name === 'NotAllowedError' || name === 'SecurityError') this.permission = 'denied';
    else if (name === 'NotFoundError' || name === 'OverconstrainedError') this.permission = 'missing';
    else this.permission = 'busy';
  }

  /** Takes note of what devices there are now; gives those that weren't there before. */
  refresh(all: MediaDeviceInfo[]): MediaDeviceInfo[] {
    const mine = all.filter((device) => device.kind === this.#kind && device.deviceId !== 'communications');
    const known = new Set(this.devices.map((device) => device.id));
    const first = this.devices.length === 0;
    this.devices = mine
      .filter((device) => device.deviceId !== '')
      .map((device) => ({ id: device.deviceId, label: device.label }));
    if (mine.length === 0 && this.permission !== 'denied') this.permission = 'missing';
    else if (mine.length > 0 && this.permission === 'missing') this.permission = 'prompt';
    this.#followDefault(mine);
    return first ? [] : mine.filter((device) => device.deviceId !== '' && !known.has(device.deviceId));
  }

  /** Where the browser follows the system's default only for new captures, captures anew when it changed. */
  #followDefault(mine: MediaDeviceInfo[]): void {
    const group = mine.find((device) => device.deviceId === 'default')?.groupId;
    const before = this.#defaultGroup;
    this.#defaultGroup = group;
    if (!before || !group || before === group) return;
    if (!this.track || (this.chosen !== '' && this.chosen !== 'default')) return;
    void this.#enqueue(async () => {
      if (this.track && (await this.#acquire())) this.#events.switched(this.#inUse());
    });
  }

  async #acquire(): Promise<boolean> {
    try {
      this.take(await this.#ask());
      return true;
    } catch (error) {
      this.failed(error);
      return false;
    }
  }

  /** Asks the browser, again without what stood in the way. */
  async #ask(): Promise<MediaStreamTrack> {
    try {
      return await this.#request();
    } catch (error) {
      const name = error instanceof Error ? error.name : '';
      if (name === 'OverconstrainedError' && this.chosen) {
        this.chosen = ''; // it isn't there any more
      } else if (name === 'NotReadableError' && this.track) {
        this.release(); // some systems open one device at a time
      } else {
        throw error;
      }
      return await this.#request();
    }
  }

  async #request(): Promise<MediaStreamTrack> {
    const key = this.#kind === 'videoinput' ? 'video' : 'audio';
    const stream = await this.#media.getUserMedia({ [key]: this.constraints });
    const [track] = stream.getTracks();
    if (!track) throw new DOMException('the browser gave no track', 'NotFoundError');
    return track;
  }

  #ended(track: MediaStreamTrack): void {
    void this.#enqueue(async () => {
      if (track !== this.track) return;
      this.chosen = '';
      if (!(await this.#acquire())) this.release();
      this.#events.lost(this.#inUse());
    });
  }

  #inUse(): DeviceInfo | undefined {
    return this.track && { id: this.device, label: this.track.label };
  }

  #enqueue(step: () => Promise<void>): Promise<void> {
    this.#work = this.#work.then(step, step);
    return this.#work;
  }
}
