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

/** Puts real folders in the place of `{{DIR}}` and its parents, in every text and key. */
export function withFolders<T>(value: T, folder: string): T {
  const parent = folder.replace(/\/[^/]*$/, '');
  const grandparent = parent.replace(/\/[^/]*$/, '');
  const fill = (text: string): string =>
    text.replaceAll('{{DIR}}', folder).replaceAll('{{PARENT}}', parent).replaceAll('{{GRANDPARENT}}', grandparent);
  return mapTexts(value, fill) as T;
}

/** A copy of plain data with every text and key changed. */
export function mapTexts(value: unknown, change: (text: string) => string): unknown {
  if (typeof value === 'string') return change(value);
  if (Array.isArray(value)) return value.map((item: unknown) => mapTexts(item, change));
  if (value === null || typeof value !== 'object') return value;
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [change(key), mapTexts(inner, change)]));
}

export interface Difference {
  /** `/services/web/image` */
  readonly at: string;
  readonly text: string;
}

/** Where two comparable values differ; none when they are equal. */
export function differences(actual: unknown, expected: unknown, path = ''): Difference[] {
  if (actual === expected) return [];
  if (!isTree(actual) || !isTree(expected) || Array.isArray(actual) !== Array.isArray(expected)) {
    const text = `${path || '/'}: got ${JSON.stringify(actual)}, expected ${JSON.stringify(expected)}`;
    return [{ at: path, text: text.slice(0, 500) }];
  }
  const keys = [...new Set([...Object.keys(actual), ...Object.keys(expected)])];
  return keys.flatMap((key) => differences(actual[key], expected[key], `${path}/${key}`));
}

function isTree(value: unknown): value is Readonly<Record<string, unknown>> {
  return value !== null && typeof value === 'object';
}
