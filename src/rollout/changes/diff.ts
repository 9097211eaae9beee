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

/** @param path where we are; one list for the whole walk, copied only where something differs */
function collect(path: string[], from: unknown, to: unknown, found: Difference[]): void {
  if (Object.is(from, to)) return;
  if (isPlainList(from) && isPlainList(to)) {
    if (!sameList(from, to)) found.push({ path: [...path], from, to });
    return;
  }
  if (!isBranch(from) || !isBranch(to) || Array.isArray(from) !== Array.isArray(to)) {
    found.push({ path: [...path], from, to });
    return;
  }
  const below = (key: string, before: unknown, after: unknown): void => {
    path.push(key);
    collect(path, before, after, found);
    path.pop();
  };
  for (const key of Object.keys(from)) below(key, from[key], to[key]);
  for (const key of Object.keys(to)) if (!(key in from)) below(key, undefined, to[key]);
}

/** Are both the same through and through? A member that is undefined counts as absent. */
export function isSame(a: unknown, b: unknown): boolean {
  if (Object.is(a, b)) return true;
  if (!isBranch(a) || !isBranch(b) || Array.isArray(a) !== Array.isArray(b)) return false;
  return (
    Object.keys(a).every((key) => isSame(a[key], b[key])) &&
    Object.keys(b).every((key) => key in a || b[key] === undefined)
  );
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
