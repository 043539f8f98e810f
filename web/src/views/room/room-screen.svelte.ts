import type { Meeting } from '../../call/model';
import { m } from '../../i18n/paraglide/messages.js';

/** Something over the meeting that wants an answer before anything else. */
export type Window = 'settings' | 'help' | 'drawer' | 'invite' | 'controls' | 'connection';

/** What slides in from the side; one at a time. */
export type Panel = 'people' | 'chat';

/** What of the meeting's page is open; it forgets when the person leaves. */
export class RoomScreen {
  panel = $state<Panel>();
  /** How far the list of people was scrolled; it opens again where it was left. */
  peopleScroll = 0;
  window = $state<Window>();
  fullscreen = $state(false);
  /** A line of the page itself; the meeting's own lines are its notices. */
  message = $state<string>();

  readonly #meeting: Meeting;

  constructor(meeting: Meeting) {
    this.#meeting = meeting;
  }

  /** Undefined where the browser has no full screen, as on most phones of one maker. */
  get toggleFullscreen(): (() => void) | undefined {
    if (!document.fullscreenEnabled) return undefined;
    return () => {
      const done = document.fullscreenElement
        ? document.exitFullscreen()
        : document.documentElement.requestFullscreen();
      // Refused without harm: the page stays as it is.
      done.catch(() => undefined);
    };
  }

  readonly copyLink = async (): Promise<void> => {
    const { link } = this.#meeting;
    try {
      await navigator.clipboard.writeText(link);
      this.message = m.link_copied();
    } catch {
      // No clipboard without https, or not allowed: the person copies it by hand.
      this.message = m.link_shown({ link });
    }
  };

  readonly toggle = (panel: Panel): void => {
    this.panel = this.panel === panel ? undefined : panel;
  };

  readonly toggleLayout = (): void => {
    this.#meeting.setLayout(this.#meeting.layout === 'grid' ? 'speaker' : 'grid');
  };
}
