import type { Devices } from '../media/devices.svelte';
import type { Exchange } from '../media/exchange';
import type { Publication } from '../media/publisher';
import { Screens } from '../media/screens.svelte';
import type { FailureCode } from '../signal/failure';
import { maxScreens, type Right, type Source } from '../signal/protocol.gen';
import type { Meeting, ScreenKind } from './model';
import type { Notices } from './notices.svelte';

export interface OwnMediaOptions {
  devices: Devices;
  exchange: Exchange;
  notices: Notices;
  /** What the person may do; undefined before joining. */
  rights(): ReadonlySet<Right> | undefined;
  /** Whether the person is in the room, also while the connection is gone. */
  inside(): boolean;
}

/**
 * The own microphone, camera and screens as a meeting uses them: it sends what they give, as far as that is allowed,
 * and releases them when it is not any more. It owns the shared screens, but not the devices.
 */
export class OwnMedia {
  readonly #options: OwnMediaOptions;
  readonly #screens: Screens;
  /** Whether the microphone is on only as long as a key is held. */
  #held = $state(false);

  constructor(options: OwnMediaOptions) {
    this.#options = options;
    this.#screens = new Screens(() => this.publish());
  }

  get shared() {
    return this.#screens.shared;
  }

  get microphone() {
    const { microphoneOn: on } = this.#options.devices;
    if (!on && !this.#may('microphone')) return { on, pushToTalk: false };
    return {
      on,
      toggle: () => void this.turnMicrophone(!on),
      pushToTalk: this.#held,
      hold: (down: boolean) => this.#hold(down),
    };
  }

  get camera() {
    const { cameraOn: on } = this.#options.devices;
    if (!on && !this.#may('camera')) return { on };
    return { on, toggle: () => void this.turnCamera(!on) };
  }

  /**
   * Undefined actions: the browser cannot share, or the meeting doesn't let. While the connection is gone none begins, but
   * those shared can be stopped, as they may still be seen.
   */
  screen(connected: boolean): Meeting['screen'] {
    const on = this.shared.length > 0;
    if (!this.#screens.possible || !this.#may('screen')) return { on };
    const stop = on && { toggle: () => this.#screens.stopAll() };
    if (!connected) return { on, resting: true, ...stop };
    const add = (kind: ScreenKind = 'text') => void this.#share(kind);
    const more = this.shared.length < maxScreens;
    return { on, toggle: add, ...stop, ...(more && { add }) };
  }

  /** Follows the devices. */
  listen(): void {
    const { devices, notices } = this.#options;
    devices.listen({
      changed: () => this.publish(),
      lost: (kind, instead) => notices.tell(`${kind}-lost`, instead && { device: instead.label }),
      switched: (kind, now) => {
        if (kind !== 'speaker') notices.tell(`${kind}-changed`, now && { device: now.label });
      },
      found: (kind, device, use) => notices.tell(`${kind}-new`, { device: device.label, action: use }),
    });
  }

  /** Sends what the devices and the shared screens give. */
  publish(): void {
    const { devices, exchange } = this.#options;
    exchange.useSpeaker(devices.speaker);
    exchange.publish('camera', { source: 'camera', track: devices.cameraTrack });
    exchange.publish('microphone', { source: 'microphone', track: devices.microphoneTrack });
    exchange.publishScreens(this.shared);
  }

  /** Releases what is not allowed any more. */
  obey(): void {
    const { devices } = this.#options;
    if (!this.#may('microphone')) {
      this.#held = false;
      if (devices.microphoneOn) devices.cut('microphone');
    }
    if (devices.cameraOn && !this.#may('camera')) devices.cut('camera');
    if (!this.#may('screen')) this.#screens.stopAll();
  }

  /** Releases what the server stopped. */
  stopped({ source, group }: Publication): void {
    if (source === 'microphone') this.#held = false;
    if (source === 'microphone' || source === 'camera') this.#options.devices.cut(source);
    else if (group) this.#screens.stop(group);
  }

  /** Tells that something could not be sent; what is not allowed is released. */
  failed(publication: Publication, reason: FailureCode): void {
    const { source } = publication;
    if (reason === 'forbidden') this.stopped(publication);
    this.#options.notices.tell(source === 'screen-audio' ? 'screen-failed' : `${source}-failed`);
  }

  /** Switches on what somebody asked for. */
  turnOn(source: Source): void {
    void (source === 'camera' ? this.turnCamera(true) : this.turnMicrophone(true));
  }

  async turnMicrophone(on: boolean): Promise<void> {
    const { devices, notices } = this.#options;
    await devices.turnMicrophone(on);
    const { microphoneOn, permission } = devices;
    if (on && !microphoneOn && permission.microphone !== 'granted') notices.tell('microphone-failed');
  }

  async turnCamera(on: boolean): Promise<void> {
    const { devices, notices } = this.#options;
    await devices.turnCamera(on);
    const { cameraOn, permission } = devices;
    if (on && !cameraOn && permission.camera !== 'granted') notices.tell('camera-failed');
  }

  /** Releases everything. */
  close(): void {
    this.#held = false;
    this.#screens.stopAll();
    this.#options.devices.close();
  }

  #may(right: Right): boolean {
    return this.#options.rights()?.has(right) ?? true;
  }

  #hold(down: boolean): void {
    if (down === this.#held || (down && this.#options.devices.microphoneOn)) return;
    this.#held = down;
    void this.turnMicrophone(down);
  }

  async #share(kind: ScreenKind): Promise<void> {
    if (!(await this.#screens.add(kind))) this.#options.notices.tell('screen-failed');
    if (!this.#options.inside() || !this.#may('screen')) this.#screens.stopAll();
  }
}
