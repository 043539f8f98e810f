/** What the keys of a meeting do; an action that is undefined is not allowed now. */
export interface Shortcuts {
  microphone: (() => void) | undefined;
  camera: (() => void) | undefined;
  screen: (() => void) | undefined;
  hand: (() => void) | undefined;
  help: () => void;
  /** Talk while muted, as long as the space bar is held. */
  hold: ((down: boolean) => void) | undefined;
}

/** What of a key press decides; a KeyboardEvent fits. */
export interface Press {
  key: string;
  ctrlKey: boolean;
  metaKey: boolean;
  altKey: boolean;
  repeat: boolean;
}

/** Where the keyboard is: keys belong to a text or a dialog, and space belongs to a focused control. */
export type Focus = 'page' | 'control' | 'text';

/** Runs what a key means; true when it meant something. */
export function press(event: Press, focus: Focus, shortcuts: Shortcuts): boolean {
  if (focus === 'text' || event.ctrlKey || event.metaKey || event.altKey) return false;
  if (event.key === ' ') {
    if (focus !== 'page' || !shortcuts.hold) return false;
    if (!event.repeat) shortcuts.hold(true);
    return true;
  }
  if (event.repeat) return false;
  const actions: Record<string, (() => void) | undefined> = {
    m: shortcuts.microphone,
    v: shortcuts.camera,
    s: shortcuts.screen,
    h: shortcuts.hand,
    '?': shortcuts.help,
  };
  const action = actions[event.key.toLowerCase()];
  action?.();
  return action !== undefined;
}

/** Tells where the keyboard is. */
export function focusOf(element: Element | null): Focus {
  if (!element) return 'page';
  if (element.closest('dialog, input, textarea, select, [contenteditable], [role="menu"]')) return 'text';
  return element.closest('button, a, [tabindex="0"]') ? 'control' : 'page';
}
