import Expand from '@lucide/svelte/icons/expand';
import GalleryThumbnails from '@lucide/svelte/icons/gallery-thumbnails';
import Keyboard from '@lucide/svelte/icons/keyboard';
import LayoutGrid from '@lucide/svelte/icons/layout-grid';
import Link from '@lucide/svelte/icons/link';
import Mic from '@lucide/svelte/icons/mic';
import MicOff from '@lucide/svelte/icons/mic-off';
import ScreenShare from '@lucide/svelte/icons/screen-share';
import ScreenShareOff from '@lucide/svelte/icons/screen-share-off';
import Settings from '@lucide/svelte/icons/settings';
import Shrink from '@lucide/svelte/icons/shrink';
import Users from '@lucide/svelte/icons/users-round';
import VideoIcon from '@lucide/svelte/icons/video';
import VideoOff from '@lucide/svelte/icons/video-off';
import type { Component } from 'svelte';
import type { Meeting } from '../../call/model';
import { m } from '../../i18n/paraglide/messages.js';
import type { RoomScreen } from './room-screen.svelte';

/** One thing to do in a meeting, for the toolbar and for the drawer. */
export interface Tool {
  label: string;
  icon: Component;
  onpress: (() => void) | undefined;
  state?: 'plain' | 'off' | 'on';
  shortcut?: string;
  expanded?: boolean;
  popup?: 'dialog';
  badge?: number;
}

/** The own microphone and camera. */
export function deviceTools({ microphone, camera }: Meeting): Tool[] {
  return [
    {
      label: microphone.on ? m.microphone_mute() : m.microphone_unmute(),
      icon: microphone.on ? Mic : MicOff,
      onpress: microphone.toggle && (() => microphone.toggle?.()),
      state: microphone.pushToTalk ? 'on' : microphone.on ? 'plain' : 'off',
      shortcut: 'M',
    },
    {
      label: camera.on ? m.camera_stop() : m.camera_start(),
      icon: camera.on ? VideoIcon : VideoOff,
      onpress: camera.toggle && (() => camera.toggle?.()),
      state: camera.on ? 'plain' : 'off',
      shortcut: 'V',
    },
  ];
}

/** Sharing; absent where the browser cannot share. */
export function screenTool({ screen }: Meeting): Tool | undefined {
  if (!screen.toggle) return undefined;
  return {
    label: screen.on ? m.screen_stop() : m.screen_share(),
    icon: screen.on ? ScreenShareOff : ScreenShare,
    onpress: () => screen.toggle?.(),
    state: screen.on ? 'on' : 'plain',
    shortcut: 'S',
  };
}

/** Everything about what one sees. */
export function viewTools(meeting: Meeting, screen: RoomScreen): Tool[] {
  const speakerView = meeting.layout === 'speaker';
  const tools: Tool[] = [
    {
      label: speakerView ? m.view_grid() : m.view_speaker(),
      icon: speakerView ? LayoutGrid : GalleryThumbnails,
      onpress: screen.toggleLayout,
    },
    {
      label: m.participants(),
      icon: Users,
      onpress: screen.togglePanel,
      state: screen.panel ? 'on' : 'plain',
      expanded: screen.panel,
      badge: meeting.people.length,
    },
    { label: m.settings(), icon: Settings, onpress: () => (screen.window = 'settings'), popup: 'dialog' },
    { label: m.copy_link(), icon: Link, onpress: () => void screen.copyLink() },
  ];
  if (screen.toggleFullscreen) {
    tools.push({
      label: screen.fullscreen ? m.fullscreen_exit() : m.fullscreen_enter(),
      icon: screen.fullscreen ? Shrink : Expand,
      onpress: screen.toggleFullscreen,
    });
  }
  return tools;
}

/** The list of keys; only worth a row where there is room for words. */
export function helpTool(screen: RoomScreen): Tool {
  return {
    label: m.help(),
    icon: Keyboard,
    onpress: () => (screen.window = 'help'),
    shortcut: '?',
    popup: 'dialog',
  };
}
