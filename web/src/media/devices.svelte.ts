import type { DeviceInfo, Devices as DevicesModel, Permission } from '../call/model';
import { Capture } from './capture.svelte';
import { LevelMeter } from './level';

export type DeviceKind = 'camera' | 'microphone' | 'speaker';

export interface DeviceEvents {
  /** Other tracks are captured now. */
  changed(): void;
  lost(kind: DeviceKind, instead: DeviceInfo | undefined): void;
  switched(kind: DeviceKind, now: DeviceInfo | undefined): void;
  /** A device was plugged in; use() takes it. */
  found(kind: DeviceKind, device: DeviceInfo, use: () => void): void;
}

/** The ids that the person chose last. */
export interface DeviceChoice {
  camera: string;
  microphone: string;
  speaker: string;
}

/** The own devices. It listens to the browser until close(), and releases everything then. */
export class Devices implements DevicesModel {
  speakers = $state.raw<DeviceInfo[]>([]);
  speaker = $state('');
  level = $state(0);
  readonly #camera: Capture;
  readonly #microphone: Capture;
  readonly #media: MediaDevices | undefined;
  readonly #choice: DeviceChoice;
  #events: DeviceEvents | undefined;
  #meter: LevelMeter | undefined;
  #open = false;
  #preview = $derived.by(() => this.#camera.track && new MediaStream([this.#camera.track]));

  /** Choices are read from and written to choice. */
  constructor(choice: DeviceChoice, media: MediaDevices | undefined = navigator.mediaDevices) {
    this.#choice = choice;
    this.#media = media;
    this.speaker = choice.speaker;
    const capture = (kind: 'camera' | 'microphone') =>
      new Capture(
        kind === 'camera' ? 'videoinput' : 'audioinput',
        media ?? ({} as MediaDevices),
        {
          changed: (track) => this.#changed(kind, track),
          lost: (instead) => this.#events?.lost(kind, instead),
          switched: (now) => this.#events?.switched(kind, now),
        },
        choice[kind],
      );
    this.#camera = capture('camera');
    this.#microphone = capture('microphone');
    if (!media) this.#camera.permission = this.#microphone.permission = 'insecure';
  }

  get cameras(): DeviceInfo[] {
    return this.#camera.devices;
  }
  get microphones(): DeviceInfo[] {
    return this.#microphone.devices;
  }
  get camera(): string {
    return this.#camera.device;
  }
  get microphone(): string {
    return this.#microphone.device;
  }
  get cameraOn(): boolean {
    return this.#camera.on;
  }
  get microphoneOn(): boolean {
    return this.#microphone.on;
  }
  get cameraTrack(): MediaStreamTrack | undefined {
    return this.#camera.track;
  }
  get microphoneTrack(): MediaStreamTrack | undefined {
    return this.#microphone.track;
  }
  get permission(): { camera: Permission; microphone: Permission } {
    return { camera: this.#camera.permission, microphone: this.#microphone.permission };
  }
  get preview(): MediaStream | undefined {
    return this.#preview;
  }

  /** Whom to tell what happens; undefined: nobody. */
  listen(events: DeviceEvents | undefined): void {
    this.#events = events;
  }

  /** Looks what there is, and switches camera and microphone on, so that the browser asks only once. */
  async open(): Promise<void> {
    if (this.#open || !this.#media) return;
    this.#open = true;
    this.#media.addEventListener('devicechange', this.#deviceChange);
    await this.#watchPermission('camera', this.#camera);
    await this.#watchPermission('microphone', this.#microphone);
    await this.#look();
    const usable = (capture: Capture) => !['denied', 'missing'].includes(capture.permission);
    const wanted = [this.#camera, this.#microphone].filter(usable);
    if (wanted.length === 2 && this.#open) await this.#openBoth(this.#media);
    else await Promise.all(wanted.map((capture) => capture.turn(this.#open)));
    if (this.#open)
      await this.#look(); // names are told only now
    else this.#release();
  }

  /** Releases everything. */
  close(): void {
    this.#open = false;
    this.#media?.removeEventListener('devicechange', this.#deviceChange);
    this.#release();
  }

  turnCamera(on: boolean): Promise<void> {
    return this.#turn(this.#camera, on);
  }

  turnMicrophone(on: boolean): Promise<void> {
    return this.#turn(this.#microphone, on);
  }

  /** Switches off at once, because the meeting does not allow it any more. */
  cut(kind: 'camera' | 'microphone'): void {
    (kind === 'camera' ? this.#camera : this.#microphone).release();
  }

  async chooseCamera(id: string): Promise<void> {
    this.#choice.camera = id;
    await this.#camera.choose(id);
  }

  async chooseMicrophone(id: string): Promise<void> {
    this.#choice.microphone = id;
    await this.#microphone.choose(id);
  }

  get chooseSpeaker(): ((id: string) => Promise<void>) | undefined {
    if (!('setSinkId' in HTMLMediaElement.prototype)) return undefined;
    return (id) => {
      this.#choice.speaker = id;
      this.speaker = id;
      this.#events?.changed();
      return Promise.resolve();
    };
  }

  async #turn(capture: Capture, on: boolean): Promise<void> {
    const unnamed = on && capture.devices.every((device) => device.label === '');
    await capture.turn(on && this.#media !== undefined);
    if (unnamed && capture.on) await this.#look();
  }

  async #openBoth(media: MediaDevices): Promise<void> {
    try {
      const stream = await media.getUserMedia({
        video: this.#camera.constraints,
        audio: this.#microphone.constraints,
      });
      const [video, audio] = [stream.getVideoTracks()[0], stream.getAudioTracks()[0]];
      if (video) this.#camera.take(video);
      if (audio) this.#microphone.take(audio);
    } catch (error) {
      if (error instanceof Error && error.name === 'NotAllowedError') {
        this.#camera.failed(error);
        this.#microphone.failed(error);
      } else {
        await Promise.all([this.#camera.turn(this.#open), this.#microphone.turn(this.#open)]);
      }
    }
  }

  /** Follows what the person sets in the browser's own dialogs; browsers that don't tell are asked by trying. */
  async #watchPermission(name: 'camera' | 'microphone', capture: Capture): Promise<void> {
    try {
      const status = await navigator.permissions.query({ name: name as PermissionName });
      capture.permission = status.state;
      status.addEventListener('change', () => {
        if (this.#open) capture.permission = status.state;
      });
    } catch {
      capture.permission = 'unknown';
    }
  }

  readonly #deviceChange = () => void this.#look();

  async #look(): Promise<void> {
    let all: MediaDeviceInfo[];
    try {
      all = (await this.#media?.enumerateDevices()) ?? [];
    } catch {
      return;
    }
    const named =
      all.some((device) => device.label !== '') && this.cameras.concat(this.microphones).length > 0;
    const fresh = [
      ...this.#camera.refresh(all),
      ...this.#microphone.refresh(all),
      ...this.#refreshSpeakers(all),
    ];
    if (named) this.#announce(fresh);
  }

  #refreshSpeakers(all: MediaDeviceInfo[]): MediaDeviceInfo[] {
    const mine = all.filter(
      (device) => device.kind === 'audiooutput' && device.deviceId !== 'communications',
    );
    const known = new Set(this.speakers.map((device) => device.id));
    const first = this.speakers.length === 0;
    this.speakers = this.chooseSpeaker
      ? mine
          .filter((device) => device.deviceId)
          .map((device) => ({ id: device.deviceId, label: device.label }))
      : [];
    this.#checkSpeaker(known.has(this.speaker));
    return first ? [] : mine.filter((device) => !known.has(device.deviceId));
  }

  /** Leaves a loudspeaker that is gone: just now, or since the last time the page was open. */
  #checkSpeaker(wasThere: boolean): void {
    const named = this.speakers.some((device) => device.label !== '');
    if (!this.speaker || !named || this.speakers.some((device) => device.id === this.speaker)) return;
    this.speaker = '';
    this.#events?.changed();
    if (wasThere) this.#events?.lost('speaker', this.speakers[0]);
  }

  /** Tells of new devices; a headset is one, although it is both a microphone and a loudspeaker. */
  #announce(fresh: MediaDeviceInfo[]): void {
    const told = new Set<string>();
    for (const device of fresh) {
      if (device.label === '' || (device.groupId && told.has(device.groupId))) continue;
      told.add(device.groupId);
      const speaker = fresh.find((d) => d.kind === 'audiooutput' && d.groupId === device.groupId);
      const info = { id: device.deviceId, label: device.label };
      if (device.kind === 'videoinput') {
        this.#events?.found('camera', info, () => void this.chooseCamera(info.id));
      } else if (device.kind === 'audioinput') {
        this.#events?.found('microphone', info, () => {
          void this.chooseMicrophone(info.id);
          if (speaker) void this.chooseSpeaker?.(speaker.deviceId);
        });
      } else if (this.chooseSpeaker) {
        this.#events?.found('speaker', info, () => void this.chooseSpeaker?.(info.id));
      }
    }
  }

  #changed(kind: 'camera' | 'microphone', track: MediaStreamTrack | undefined): void {
    if (kind === 'microphone') {
      this.#meter?.stop();
      this.#meter = undefined;
      this.level = 0;
      if (track) this.#measure(track);
    }
    this.#events?.changed();
  }

  #measure(track: MediaStreamTrack): void {
    try {
      this.#meter = new LevelMeter(track, (level) => (this.level = level));
    } catch {
      // The level is only shown; the microphone works without.
    }
  }

  #release(): void {
    this.#camera.release();
    this.#microphone.release();
  }
}
