/**
 * The path that leads to the meeting of a typed name, or of a pasted link to this server; undefined for an empty
 * name, which means a new meeting. Words are joined, because a link with spaces breaks in every mail program.
 */
export function roomPath(typed: string, origin: string): string | undefined {
  let name = typed.trim();
  if (name.startsWith(`${origin}/`)) name = safeDecode(name.slice(origin.length + 1).replace(/[?#].*$/, ''));
  name = name.replace(/^[\s/]+|[\s/]+$/g, '').replace(/\s+/g, '-');
  return name === '' ? undefined : `/${encodeURIComponent(name)}`;
}

function safeDecode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
