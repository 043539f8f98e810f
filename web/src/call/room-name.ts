/** RFC 4648 section 6, in lower case. */
const alphabet = 'abcdefghijklmnopqrstuvwxyz234567';
const length = 20;
const groups = new RegExp(`^[${alphabet}]{5}(-[${alphabet}]{5}){3}$`);

/** A name for a new meeting that nobody can guess: 100 random bits. */
export function generateRoomName(): string {
  const random = crypto.getRandomValues(new Uint8Array(length));
  return Array.from(random, (byte) => alphabet[byte % alphabet.length]).join('');
}

/** The one way to write a name that people may write in several. */
export function canonicalRoomName(name: string): string {
  const lower = name.trim().normalize('NFC').toLowerCase();
  return groups.test(lower) ? lower.replaceAll('-', '') : lower;
}

/** A name as people read it: a generated one in groups of five. */
export function displayRoomName(name: string): string {
  const inGroups = name.match(/.{1,5}/gu)?.join('-') ?? '';
  return groups.test(inGroups) ? inGroups : name;
}
