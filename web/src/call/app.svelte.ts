import { Devices } from '../media/devices.svelte';
import { RoomMeeting } from './meeting.svelte';
import type { App, View } from './model';
import { KeptPreferences } from './preferences.svelte';
import { PageRoute } from './route.svelte';

/** The page's state; it lives as long as the page. */
export class PageApp implements App {
  readonly preferences = new KeptPreferences();
  readonly devices = new Devices(this.preferences);
  readonly route = new PageRoute((view) => this.#follow(view));
  meeting = $state.raw<RoomMeeting | undefined>();

  constructor() {
    this.#follow(this.route.current);
  }

  #follow(view: View): void {
    this.meeting?.close();
    this.meeting = undefined;
    if (view.name !== 'meeting') return;
    this.meeting = new RoomMeeting(view.room, this.devices, this.preferences);
    this.meeting.open();
  }
}
