/** The first letters of the first and the last word of a name; of one word the first letter. */
export function initials(name: string, language: string): string {
  const words = name.split(/\s+/).filter((word) => /[\p{L}\p{N}]/u.test(word));
  const first = words[0];
  const last = words.length > 1 ? words[words.length - 1] : undefined;
  return [first, last]
    .map((word) => word?.match(/[\p{L}\p{N}]\p{M}*/u)?.[0] ?? '')
    .join('')
    .toLocaleUpperCase(language);
}
