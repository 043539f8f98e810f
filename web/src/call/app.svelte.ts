import { PageAccount } from '../account/account.svelte';
import { Devices } from '../media/devices.svelte';
import { Errand } from '../signal/errand';
import { Acts } from './acts';
import { RoomMeeting } from './meeting.svelte';
import type { App, View } from './model';
import { AccountRooms } from './named-rooms.svelte';
import { KeptPreferences } from './preferences.svelte';
import { PageRoute } from './route.svelte';
import type { AddressSecrets } from './secrets';

/** The page's state; it lives as long as the page. */
export class PageApp implements App {
  readonly preferences = new KeptPreferences();
  readonly devices = new Devices(this.preferences);
  readonly account = new PageAccount({
    changed: () => this.#identityChanged(),
    depart: (address) => location.assign(address),
    back: () => (this.route.current.name === 'log-in' ? this.#back : location.pathname),
  });
  readonly route = new PageRoute((view, secrets) => this.#follow(view, secrets));
  meeting = $state.raw<RoomMeeting | undefined>();
  readonly #errand = new Errand(new URL('/-/ws', location.href.replace(/^http/, 'ws')).href);
  readonly rooms = $derived.by(() => (this.account.identity ? this.#accountRooms() : undefined));
  /** Where somebody who came to the page to log in goes afterwards. */
  #back = '/';

  constructor() {
    this.account.refresh();
    this.route.follow();
  }

  get create() {
    return this.account.mayCreate ? () => this.route.start() : undefined;
  }

  #follow(view: View, secrets: AddressSecrets): void {
    this.meeting?.close();
    this.meeting = undefined;
    this.#back = secrets.arrival?.back ?? '/';
    this.account.arrived(view.name === 'log-in' ? secrets.arrival?.error : undefined);
    this.account.useLink(view.name === 'setup' ? secrets.setup : undefined);
    if (view.name !== 'meeting') return;
    this.meeting = new RoomMeeting(view.room, this.devices, this.preferences);
    this.meeting.arrive(secrets);
    this.meeting.open();
  }

  #identityChanged(): void {
    this.#errand.close();
    this.meeting?.identityChanged();
    if (this.route.current.name === 'log-in' && this.account.identity) this.route.go(this.#back);
  }

  #accountRooms(): AccountRooms {
    return new AccountRooms({
      acts: new Acts(this.#errand.request, () => undefined),
      address: (room) => new URL(`/${encodeURIComponent(room)}`, location.href).href,
      name: () => this.account.identity?.name ?? '',
      language: () => this.preferences.language,
    });
  }
}
