import Expand from '@lucide/svelte/icons/expand';
import GalleryThumbnails from '@lucide/svelte/icons/gallery-thumbnails';
import Gauge from '@lucide/svelte/icons/gauge';
import Hand from '@lucide/svelte/icons/hand';
import Keyboard from '@lucide/svelte/icons/keyboard';
import LayoutGrid from '@lucide/svelte/icons/layout-grid';
import Link from '@lucide/svelte/icons/link';
import MessageSquare from '@lucide/svelte/icons/message-square';
import Mic from '@lucide/svelte/icons/mic';
import MicOff from '@lucide/svelte/icons/mic-off';
import ScreenShare from '@lucide/svelte/icons/screen-share';
import ScreenShareOff from '@lucide/svelte/icons/screen-share-off';
import Settings from '@lucide/svelte/icons/settings';
import ShieldCheck from '@lucide/svelte/icons/shield-check';
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
  /** Whether the badge asks to be looked at. */
  alert?: boolean;
  pressed?: boolean;
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
  if (!screen.toggle && !screen.resting) return undefined;
  return {
    label: screen.on ? m.screen_stop() : m.screen_share(),
    icon: screen.on ? ScreenShareOff : ScreenShare,
    onpress: screen.toggle && (() => screen.toggle?.()),
    state: screen.on ? 'on' : 'plain',
    shortcut: 'S',
  };
}

/** The own hand; absent for those who may not raise it. */
export function handTool({ hand }: Meeting): Tool | undefined {
  if (!hand.toggle && !hand.raised) return undefined;
  return {
    label: hand.raised ? m.hand_lower_own() : m.hand_raise(),
    icon: Hand,
    onpress: hand.toggle && (() => hand.toggle?.()),
    state: hand.raised ? 'on' : 'plain',
    shortcut: 'H',
    pressed: hand.raised,
  };
}

/** Talking beside the voice, and what those who look after the meeting have. */
export function companyTools(meeting: Meeting, screen: RoomScreen): Tool[] {
  const { chat, knocks } = meeting;
  const waiting = knocks?.list.length ?? 0;
  const tools: Tool[] = [
    {
      label: chat.unread > 0 ? m.chat_new({ count: chat.unread }) : m.chat(),
      icon: MessageSquare,
      onpress: () => screen.toggle('chat'),
      state: screen.panel === 'chat' ? 'on' : 'plain',
      expanded: screen.panel === 'chat',
      ...(chat.unread > 0 ? { badge: chat.unread, alert: true } : {}),
    },
    {
      label: waiting > 0 ? m.participants_waiting({ count: waiting }) : m.participants(),
      icon: Users,
      onpress: () => screen.toggle('people'),
      state: screen.panel === 'people' ? 'on' : 'plain',
      expanded: screen.panel === 'people',
      badge: waiting > 0 ? waiting : meeting.people.length,
      alert: waiting > 0,
    },
  ];
  if (meeting.rights.has('moderate')) {
    tools.push({
      label: m.controls(),
      icon: ShieldCheck,
      onpress: () => (screen.window = 'controls'),
      popup: 'dialog',
    });
  }
  return tools;
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
    { label: m.settings(), icon: Settings, onpress: () => (screen.window = 'settings'), popup: 'dialog' },
    {
      label: m.connection(),
      icon: Gauge,
      onpress: () => (screen.window = 'connection'),
      popup: 'dialog',
    },
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
