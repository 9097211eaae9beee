/** Splits `KEY=VALUE` at the first `=`. Without one there is no value: the key alone was given. */
export function splitEntry(entry: string): readonly [key: string, value: string | undefined] {
  const equals = entry.indexOf('=');
  return equals < 0 ? [entry, undefined] : [entry.slice(0, equals), entry.slice(equals + 1)];
}

/** The mapping that a list of `KEY=VALUE` stands for; a key alone gets null. The last of equal keys counts. */
export function entriesToMapping(entries: readonly string[]): Record<string, string | null> {
  return Object.fromEntries(
    entries.map((entry) => {
      const [key, value] = splitEntry(entry);
      return [key, value ?? null] as const;
    }),
  );
}

/** The list of `KEY=VALUE` that a mapping stands for, in order of the keys; null gives the key alone. */
export function mappingToEntries(mapping: Readonly<Record<string, string | null>>): string[] {
  return Object.entries(mapping)
    .toSorted(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0))
    .map(([key, value]) => (value === null ? key : `${key}=${value}`));
}
