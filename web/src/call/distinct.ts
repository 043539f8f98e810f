/** Marks that tell equal names apart: the second one of a name gets "2", and so on. */
export function distinctMarks(names: readonly string[]): (string | undefined)[] {
  const seen = new Map<string, number>();
  return names.map((name) => {
    const key = name.trim().normalize('NFKC').toLowerCase();
    const count = (seen.get(key) ?? 0) + 1;
    seen.set(key, count);
    return count > 1 ? String(count) : undefined;
  });
}
