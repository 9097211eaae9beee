/**
 * Brings a model into the form in which models are compared, by the rules of the recorded data: null commands say
 * nothing, `create_host_path: true` is the default, the order of ssh keys is free.
 */
export function comparable(value: unknown, path: readonly string[] = []): unknown {
  if (Array.isArray(value)) {
    const items = value.map((item: unknown) => comparable(item, [...path, '*']));
    return path.at(-1) === 'ssh' ? items.toSorted() : items;
  }
  if (value === null || typeof value !== 'object') return value;
  const pairs = Object.entries(value)
    .filter(([key, inner]) => !(inner === null && (key === 'command' || key === 'entrypoint')))
    .filter(([key, inner]) => !(key === 'create_host_path' && inner === true))
    .map(([key, inner]) => [key, comparable(inner, [...path, key])] as const);
  return Object.fromEntries(pairs.toSorted(([a], [b]) => (a < b ? -1 : 1)));
}

/** Puts real folders in the place of `{{DIR}}` and its parents, in every text. */
export function withFolders(value: unknown, folder: string): unknown {
  const parent = folder.replace(/\/[^/]*$/, '');
  const grandparent = parent.replace(/\/[^/]*$/, '');
  const fill = (text: string): string =>
    text.replaceAll('{{DIR}}', folder).replaceAll('{{PARENT}}', parent).replaceAll('{{GRANDPARENT}}', grandparent);
  if (typeof value === 'string') return fill(value);
  if (Array.isArray(value)) return value.map((item: unknown) => withFolders(item, folder));
  if (value === null || typeof value !== 'object') return value;
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [fill(key), withFolders(inner, folder)]));
}

/** Where two comparable values differ first, for a message; undefined when they are equal. */
export function firstDifference(actual: unknown, expected: unknown, path = ''): string | undefined {
  if (Object.is(actual, expected) || (typeof actual === 'number' && actual === expected)) return undefined;
  if (!isTree(actual) || !isTree(expected) || Array.isArray(actual) !== Array.isArray(expected)) {
    return `${path}: got ${JSON.stringify(actual)}, expected ${JSON.stringify(expected)}`;
  }
  for (const key of new Set([...Object.keys(actual), ...Object.keys(expected)])) {
    const difference = firstDifference(actual[key], expected[key], `${path}/${key}`);
    if (difference !== undefined) return difference;
  }
  return undefined;
}

function isTree(value: unknown): value is Readonly<Record<string, unknown>> {
  return value !== null && typeof value === 'object';
}
