/** Splits `KEY=VALUE` at the first `=`. Without one there is no value: the key alone was given. */
export function splitEntry(entry: string): readonly [key: string, value: string | undefined] {
  const equals = entry.indexOf('=');
  return equals < 0 ? [entry, undefined] : [entry.slice(0, equals), entry.slice(equals + 1)];
}
