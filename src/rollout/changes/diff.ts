/** One place where two values differ. */
export interface Difference {
  readonly path: readonly string[];
  readonly from: unknown;
  readonly to: unknown;
}

/** Every place where `from` and `to` differ, in the order of the keys. Lists of plain values are compared whole. */
export function differences(from: unknown, to: unknown): Difference[] {
  const found: Difference[] = [];
  collect([], from, to, found);
  return found;
}

function collect(path: readonly string[], from: unknown, to: unknown, found: Difference[]): void {
  if (Object.is(from, to)) return;
  if (isPlainList(from) && isPlainList(to)) {
    if (!sameList(from, to)) found.push({ path, from, to });
    return;
  }
  if (!isBranch(from) || !isBranch(to) || Array.isArray(from) !== Array.isArray(to)) {
    found.push({ path, from, to });
    return;
  }
  for (const key of Object.keys(from)) collect([...path, key], from[key], to[key], found);
  for (const key of Object.keys(to)) if (!(key in from)) collect([...path, key], undefined, to[key], found);
}

function isBranch(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null;
}

function isPlainList(value: unknown): value is readonly unknown[] {
  return Array.isArray(value) && value.every((one) => !isBranch(one));
}

function sameList(a: readonly unknown[], b: readonly unknown[]): boolean {
  return a.length === b.length && a.every((one, index) => Object.is(one, b[index]));
}
