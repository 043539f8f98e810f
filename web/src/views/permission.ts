import type { Permission } from '../call/model';
import { m } from '../i18n/paraglide/messages.js';

/** What stands between a person and the devices, with the way out; undefined when nothing does. */
export interface Obstacle {
  words: string;
  /** How to allow the devices in this browser. */
  hint: string | undefined;
  /** Whether asking the browser again makes sense. */
  again: boolean;
}

type Browser = 'chrome' | 'firefox' | 'safari' | 'ios' | 'android' | 'other';

/** Guesses the browser from its user agent; only the words of a hint depend on it. */
export function browserOf(agent: string): Browser {
  if (/iPhone|iPad/.test(agent)) return 'ios';
  if (/Android/.test(agent)) return /Firefox/.test(agent) ? 'other' : 'android';
  if (/Firefox/.test(agent)) return 'firefox';
  if (/Chrome|Chromium|Edg/.test(agent)) return 'chrome';
  if (/Safari/.test(agent)) return 'safari';
  return 'other';
}

function allowHint(agent: string): string {
  switch (browserOf(agent)) {
    case 'chrome':
      return m.allow_chrome();
    case 'firefox':
      return m.allow_firefox();
    case 'safari':
      return m.allow_safari();
    case 'ios':
      return m.allow_ios();
    case 'android':
      return m.allow_android();
    default:
      return m.allow_other();
  }
}

/** What an obstacle depends on. */
export interface Circumstances {
  camera: Permission;
  microphone: Permission;
  /** Whether the page came over an encrypted connection, or from this computer. */
  secure: boolean;
  /** The browser's user agent. */
  agent: string;
}

/** Finds the obstacle that matters most. */
export function obstacle({ camera, microphone, secure, agent }: Circumstances): Obstacle | undefined {
  if (!secure) return { words: m.insecure(), hint: m.insecure_cure(), again: false };
  const both = camera === microphone;
  if (camera === 'denied' || microphone === 'denied') {
    const words = both ? m.denied_both() : camera === 'denied' ? m.denied_camera() : m.denied_microphone();
    return { words, hint: allowHint(agent), again: true };
  }
  if (camera === 'busy') return { words: m.busy_camera(), hint: undefined, again: true };
  if (microphone === 'busy') return { words: m.busy_microphone(), hint: undefined, again: true };
  if (camera === 'missing' || microphone === 'missing') {
    const words = both
      ? m.missing_both()
      : camera === 'missing'
        ? m.missing_camera()
        : m.missing_microphone();
    return { words, hint: undefined, again: true };
  }
  return undefined;
}
