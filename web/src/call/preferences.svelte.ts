import type { DeviceChoice } from '../media/devices.svelte';
import type { Language, Pictures, Preferences, Theme } from './model';

const key = 'stube.preferences';

interface Values extends DeviceChoice {
  language: Language;
  theme: Theme;
  name: string;
  mirror: boolean;
  /** Empty before it was chosen: then the connection decides. */
  pictures: Pictures | '';
}

/** The first of the browser's languages that the page speaks. */
export function preferredLanguage(languages: readonly string[]): Language {
  for (const language of languages) {
    if (language.startsWith('de')) return 'de';
    if (language.startsWith('en')) return 'en';
  }
  return 'en';
}

/** What was kept, as far as it makes sense; the rest is as given. */
export function parsePreferences(text: string | null, values: Values): Values {
  let kept: unknown;
  try {
    kept = JSON.parse(text ?? '{}');
  } catch {
    return values;
  }
  if (typeof kept !== 'object' || kept === null) return values;
  const known = Object.entries(kept).filter(
    ([name, value]) => name in values && typeof value === typeof values[name as keyof Values],
  );
  const merged = { ...values, ...Object.fromEntries(known) };
  if (!['de', 'en'].includes(merged.language)) merged.language = values.language;
  if (!['', 'all', 'small', 'none'].includes(merged.pictures)) merged.pictures = values.pictures;
  if (!['system', 'light', 'dark'].includes(merged.theme)) merged.theme = values.theme;
  return merged;
}

/** What some browsers tell of the connection (Network Information API). */
interface NetworkInformation extends Partial<EventTarget> {
  readonly saveData?: boolean;
  readonly type?: string;
}

function connectionOf(navigator: object): NetworkInformation | undefined {
  return (navigator as { connection?: NetworkInformation }).connection;
}

/** Whether data costs money here, as far as is known: it comes by mobile radio, or the browser was told to save it. */
export function isMetered(navigator: object): boolean {
  const connection = connectionOf(navigator);
  return connection?.saveData === true || connection?.type === 'cellular';
}

/** The preferences, kept in the browser as long as it lets the page keep something. */
export class KeptPreferences implements Preferences, DeviceChoice {
  #values = $state() as Values;
  #metered = $state(isMetered(navigator));
  readonly #storage: Storage | undefined;

  constructor() {
    const defaults: Values = {
      language: preferredLanguage(navigator.languages),
      theme: 'system',
      name: '',
      mirror: true,
      pictures: '',
      camera: '',
      microphone: '',
      speaker: '',
    };
    try {
      this.#storage = localStorage;
      this.#values = parsePreferences(this.#storage.getItem(key), defaults);
    } catch {
      this.#values = defaults; // a browser may forbid even the question
    }
    connectionOf(navigator)?.addEventListener?.('change', () => (this.#metered = isMetered(navigator)));
  }

  /** Whether pictures come small because data costs money, and not because somebody chose it. */
  get saving(): boolean {
    return this.#metered && !this.#values.pictures;
  }

  get language(): Language {
    return this.#values.language;
  }
  set language(language: Language) {
    this.#set({ language });
  }

  get theme(): Theme {
    return this.#values.theme;
  }
  set theme(theme: Theme) {
    this.#set({ theme });
  }

  get name(): string {
    return this.#values.name;
  }
  set name(name: string) {
    this.#set({ name });
  }

  get mirror(): boolean {
    return this.#values.mirror;
  }
  set mirror(mirror: boolean) {
    this.#set({ mirror });
  }

  get pictures(): Pictures {
    return this.#values.pictures || (this.#metered ? 'small' : 'all');
  }
  set pictures(pictures: Pictures) {
    this.#set({ pictures });
  }

  get camera(): string {
    return this.#values.camera;
  }
  set camera(camera: string) {
    this.#set({ camera });
  }

  get microphone(): string {
    return this.#values.microphone;
  }
  set microphone(microphone: string) {
    this.#set({ microphone });
  }

  get speaker(): string {
    return this.#values.speaker;
  }
  set speaker(speaker: string) {
    this.#set({ speaker });
  }

  #set(change: Partial<Values>): void {
    Object.assign(this.#values, change);
    try {
      this.#storage?.setItem(key, JSON.stringify(this.#values));
    } catch {
      // It is full or forbidden: the preference holds as long as the page is open.
    }
  }
}
