import type { Devices } from '../media/devices.svelte';
import { Exchange } from '../media/exchange';
import type { Publication } from '../media/publisher';
import { Screens } from '../media/screens.svelte';
import { failureCode, type FailureCode } from '../signal/failure';
import type { Notification } from '../signal/channel';
import { maxScreens, type Joined, type Resumed } from '../signal/protocol.gen';
import { Session } from '../signal/session';
import type {
  Failure,
  Meeting,
  MeetingLayout,
  Person,
  Phase,
  ScreenKind,
  Shown,
  Tile,
  TileConnection,
} from './model';
import { Notices } from './notices.svelte';
import type { KeptPreferences } from './preferences.svelte';
import { receptionOf } from './reception';
import { Room, type RoomNews } from './room.svelte';
import { displayRoomName } from './room-name';
import { Surroundings } from './surroundings';
import { keepUnchanged, peopleOf, tilesOf, type MeetingState } from './tiles';
import { WakeLock } from './wake-lock';

/** How long media may stay away before the person is told, in ms. */
const mediaPatience = 3_000;

/**
 * A meeting from the page before joining until after leaving. It joins session, media, devices and notices, and
 * owns them from open() to close().
 */
export class RoomMeeting implements Meeting {
  readonly room: string;
  readonly link: string;
  phase = $state<Phase>('lobby');
  error = $state<Failure | undefined>();
  name = $state('');
  layout = $state<MeetingLayout>('grid');

  readonly #devices: Devices;
  readonly #preferences: KeptPreferences;
  readonly #session: Session;
  readonly #exchange: Exchange;
  readonly #screens: Screens;
  readonly #notices = new Notices();
  readonly #wakeLock = new WakeLock();
  readonly #surroundings: Surroundings;

  readonly #told = new Room();
  /** Counts the changes of what is received, which lies outside of runes. */
  #streams = $state(0);
  #pathUp = $state(true);
  #pin = $state<string | undefined>();
  #held = $state(false);
  #shown: Shown[] = [];
  /** Producers of video that were shown once. */
  #seen: ReadonlySet<string> = new Set();
  #mediaTimer: ReturnType<typeof setTimeout> | undefined;
  #mediaLost = false;

  readonly #state: MeetingState = $derived.by(() => this.#stateNow());
  #tilesBefore: Tile[] = [];
  readonly tiles = $derived.by(
    () => (this.#tilesBefore = keepUnchanged(this.#tilesBefore, tilesOf(this.#state))),
  );
  #peopleBefore: Person[] = [];
  readonly people = $derived.by(
    () => (this.#peopleBefore = keepUnchanged(this.#peopleBefore, peopleOf(this.#state))),
  );
  readonly self = $derived(this.tiles.find((tile) => tile.self && tile.kind === 'camera'));

  constructor(room: string, devices: Devices, preferences: KeptPreferences) {
    this.room = displayRoomName(room);
    this.link = new URL(`/${encodeURIComponent(room)}`, location.href).href;
    this.name = preferences.name;
    this.#devices = devices;
    this.#preferences = preferences;
    this.#session = new Session({
      url: new URL('/-/ws', location.href.replace(/^http/, 'ws')).href,
      room,
      capabilities: (hello) => this.#exchange.load(hello.rtpCapabilities),
      events: {
        joined: (joined) => this.#joined(joined),
        resumed: (resumed) => this.#resumed(resumed),
        dropped: () => (this.phase = 'reconnecting'),
        ended: (reason) => this.#over('ended', reason),
        notification: (notification) => this.#notified(notification),
      },
    });
    this.#exchange = new Exchange(this.#session, {
      streams: () => this.#streamsChanged(),
      path: (up) => this.#pathChanged(up),
      soundBlocked: (blocked) => this.#soundBlocked(blocked),
      sendFailed: (publication) => this.#sendFailed(publication),
    });
    this.#screens = new Screens(() => this.#publish());
    this.#surroundings = new Surroundings({
      networkChanged: () => {
        this.#session.probe();
        this.#exchange.restart();
      },
      visibilityChanged: () => this.#receive(),
      leaving: () => this.leave(),
    });
  }

  /** Opens the page before joining: devices, connection, and the code for media. */
  open(): void {
    this.phase = 'lobby';
    this.error = undefined;
    this.#devices.listen({
      changed: () => this.#publish(),
      lost: (kind, instead) => this.#notices.tell(`${kind}-lost`, instead && { device: instead.label }),
      switched: (kind, now) => {
        if (kind !== 'speaker') this.#notices.tell(`${kind}-changed`, now && { device: now.label });
      },
      found: (kind, device, use) => this.#notices.tell(`${kind}-new`, { device: device.label, action: use }),
    });
    this.#exchange.preload();
    this.#session.connect();
    void this.#devices.open();
  }

  /** Leaves and releases everything. */
  close(): void {
    this.#leave();
    this.#devices.listen(undefined);
  }

  get notices() {
    return this.#notices.list;
  }

  get pinned(): string | undefined {
    return this.tiles.some((tile) => tile.id === this.#pin) ? this.#pin : undefined;
  }

  get microphone() {
    const on = this.#devices.microphoneOn;
    return {
      on,
      toggle: () => void this.#turnMicrophone(!on),
      pushToTalk: this.#held,
      hold: (down: boolean) => this.#hold(down),
    };
  }

  get camera() {
    const on = this.#devices.cameraOn;
    return { on, toggle: () => void this.#turnCamera(!on) };
  }

  get screen() {
    const on = this.#screens.shared.length > 0;
    if (!this.#screens.possible || this.phase !== 'in') return { on };
    const add = (kind: ScreenKind = 'text') => void this.#share(kind);
    const more = this.#screens.shared.length < maxScreens;
    return { on, toggle: on ? () => this.#screens.stopAll() : add, ...(more && { add }) };
  }

  get join() {
    return this.phase === 'lobby' ? (name: string) => this.#join(name) : undefined;
  }

  get rename() {
    return this.phase === 'in' ? (name: string) => void this.#rename(name) : undefined;
  }

  get rejoin() {
    const out = this.phase === 'left' || this.phase === 'ended' || this.phase === 'failed';
    return out ? () => this.open() : undefined;
  }

  leave(): void {
    this.#over('left');
  }

  pin(tileId: string | undefined): void {
    this.#pin = tileId;
  }

  setLayout(layout: MeetingLayout): void {
    this.layout = layout;
  }

  dismiss(noticeId: number): void {
    this.#notices.dismiss(noticeId);
  }

  show(items: Shown[]): void {
    this.#shown = items;
    this.#receive();
  }

  #stateNow(): MeetingState {
    void this.#streams;
    return {
      participants: this.#told.roster.participants,
      selfId: this.#told.selfId,
      speakers: this.#told.speakers,
      quality: this.#told.quality,
      stream: (producerId) => this.#exchange.stream(producerId),
      limited: (producerId) => this.#told.limited.has(this.#exchange.consumerId(producerId) ?? ''),
      own: {
        microphoneOn: this.#devices.microphoneOn,
        camera: this.#devices.preview,
        screens: this.#screens.shared,
        connection: this.#ownConnection(),
      },
    };
  }

  #ownConnection(): TileConnection {
    if (this.phase === 'reconnecting') return 'reconnecting';
    return this.#pathUp ? 'good' : 'lost';
  }

  async #join(name: string): Promise<void> {
    this.phase = 'joining';
    this.error = undefined;
    this.name = name.trim();
    this.#preferences.name = this.name;
    try {
      await this.#session.join(this.name);
    } catch (error) {
      if (this.phase !== 'joining') return; // the person went away meanwhile
      this.error = failureCode(error);
      if (this.error === 'invalid_name') this.phase = 'lobby';
      else this.#over('failed', this.error);
    }
  }

  async #rename(name: string): Promise<void> {
    try {
      await this.#session.rename(name.trim());
      this.name = name.trim();
      this.#preferences.name = this.name;
    } catch {
      // The old name stays, and everybody sees it.
    }
  }

  #joined(joined: Joined): void {
    const again = this.phase === 'reconnecting';
    this.#pathUp = true;
    this.#seen = new Set();
    this.#told.enter(joined);
    this.#exchange.attach(joined);
    this.#inRoom();
    if (again) this.#notices.tell('back');
  }

  #resumed(resumed: Resumed): void {
    this.#tell(this.#told.resume(resumed));
    this.#exchange.resume(resumed, this.#told.own);
    this.#inRoom();
  }

  #inRoom(): void {
    this.phase = 'in';
    this.#wakeLock.hold();
    this.#surroundings.start();
    this.#publish();
    this.#receive();
  }

  #notified({ method, params }: Notification): void {
    switch (method) {
      case 'delta': {
        const news = this.#told.apply(params);
        if (!news) return this.#session.resync();
        this.#tell(news);
        return this.#receive();
      }
      case 'speakers':
        return this.#told.speak(params);
      case 'quality':
        return this.#told.measure(params);
      case 'consumers.closed':
        return this.#exchange.consumersClosed(params.consumerIds);
      case 'consumers.changed':
        return this.#told.limit(params.consumers);
    }
  }

  #tell(news: RoomNews): void {
    for (const kind of ['joined', 'left', 'lost', 'sharing'] as const) {
      this.#notices.people(
        kind,
        news[kind].map((participant) => participant.name),
      );
    }
  }

  /** Asks for what is to be heard and seen, and tells how large it is seen. */
  #receive(): void {
    if (this.phase !== 'in') return;
    const { others } = this.#told;
    const shown = this.#surroundings.hidden ? [] : this.#shown;
    const { wanted, viewed, seen } = receptionOf(others, shown, this.#seen, (id) =>
      this.#exchange.consumerId(id),
    );
    this.#seen = seen;
    this.#exchange.receive(wanted);
    this.#exchange.show(viewed);
  }

  /** Sends what the devices and the shared screens give. */
  #publish(): void {
    this.#exchange.useSpeaker(this.#devices.speaker);
    this.#exchange.publish('camera', { source: 'camera', track: this.#devices.cameraTrack });
    this.#exchange.publish('microphone', { source: 'microphone', track: this.#devices.microphoneTrack });
    this.#exchange.publishScreens(this.#screens.shared);
  }

  async #turnMicrophone(on: boolean): Promise<void> {
    await this.#devices.turnMicrophone(on);
    const { microphoneOn, permission } = this.#devices;
    if (on && !microphoneOn && permission.microphone !== 'granted') this.#notices.tell('microphone-failed');
  }

  async #turnCamera(on: boolean): Promise<void> {
    await this.#devices.turnCamera(on);
    const { cameraOn, permission } = this.#devices;
    if (on && !cameraOn && permission.camera !== 'granted') this.#notices.tell('camera-failed');
  }

  #hold(down: boolean): void {
    if (down === this.#held || (down && this.#devices.microphoneOn)) return;
    this.#held = down;
    void this.#turnMicrophone(down);
  }

  async #share(kind: ScreenKind): Promise<void> {
    if (!(await this.#screens.add(kind))) this.#notices.tell('screen-failed');
    if (this.phase !== 'in' && this.phase !== 'reconnecting') this.#screens.stopAll();
  }

  #sendFailed({ source }: Publication): void {
    if (source === 'microphone') this.#notices.tell('microphone-failed');
    else if (source === 'camera') this.#notices.tell('camera-failed');
    else this.#notices.tell('screen-failed');
  }

  #streamsChanged(): void {
    this.#streams++;
    this.#receive();
  }

  #pathChanged(up: boolean): void {
    this.#pathUp = up;
    clearTimeout(this.#mediaTimer);
    if (!up) this.#mediaTimer = setTimeout(() => this.#tellMediaLost(), mediaPatience);
    else if (this.#mediaLost) {
      this.#mediaLost = false;
      this.#notices.withdraw('media-lost');
      this.#notices.tell('media-back');
    }
  }

  #tellMediaLost(): void {
    this.#mediaLost = true;
    this.#notices.tell('media-lost');
  }

  #soundBlocked(blocked: boolean): void {
    if (blocked) this.#notices.tell('sound-blocked', { action: () => this.#exchange.unblockSound() });
    else this.#notices.withdraw('sound-blocked');
  }

  #over(phase: 'left' | 'ended' | 'failed', error?: FailureCode): void {
    this.#leave();
    this.phase = phase;
    this.error = error;
  }

  #leave(): void {
    this.#held = false;
    this.#session.leave();
    this.#exchange.close();
    this.#screens.stopAll();
    this.#devices.close();
    this.#wakeLock.release();
    this.#surroundings.stop();
    this.#notices.clear();
    clearTimeout(this.#mediaTimer);
    this.#mediaLost = false;
    this.#told.leave();
    this.#seen = new Set();
  }
}
