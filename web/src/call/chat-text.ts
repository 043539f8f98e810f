import type { TextPart } from './seam/talk';

const address = /\bhttps?:\/\/[^\s<>"'`\p{Cc}\p{Cf}]+/giu;
const closing: Record<string, string> = { ')': '(', ']': '[', '}': '{' };

/**
 * A message as pieces of text and links. Only web addresses become links, and none that hides its host behind a name
 * (https://bank.example@evil.example); what a link shows is where it leads.
 */
export function textParts(text: string): TextPart[] {
  const parts: TextPart[] = [];
  let end = 0;
  for (const match of text.matchAll(address)) {
    const found = withoutTail(match[0]);
    const url = safe(found);
    if (!url) continue;
    if (match.index > end) parts.push({ text: text.slice(end, match.index) });
    const honest = found.toLowerCase().includes(url.hostname);
    parts.push({ text: honest ? found : url.href, href: url.href });
    end = match.index + found.length;
  }
  if (end < text.length) parts.push({ text: text.slice(end) });
  return parts;
}

/** Without the punctuation that ends a sentence, and brackets that were opened before the address. */
function withoutTail(found: string): string {
  for (;;) {
    const last = found.at(-1) ?? '';
    const opening = closing[last];
    const tail = opening ? found.split(last).length > found.split(opening).length : '.,;:!?…'.includes(last);
    if (!tail || last === '') return found;
    found = found.slice(0, -last.length);
  }
}

function safe(text: string): URL | undefined {
  try {
    const url = new URL(text);
    const plain = url.username === '' && url.password === '' && url.hostname !== '';
    return plain && /^https?:$/.test(url.protocol) ? url : undefined;
  } catch {
    return undefined;
  }
}
