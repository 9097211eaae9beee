import type { Entry, Node } from '../tree/node.ts';

/**
 * Carries out the merge key `<<`: adds the entries of a mapping, or of each mapping of a list, under keys that are not
 * set yet. So own keys win over merged ones and earlier mappings over later ones.
 *
 * @returns false when the value is neither a mapping nor a list of mappings
 */
export function mergeInto(entries: Map<string, Entry>, value: Node): boolean {
  if (value.kind === 'scalar') return false;
  const sources = value.kind === 'list' ? value.items : [value];
  for (const source of sources) {
    if (source.kind !== 'mapping') return false;
    for (const [key, entry] of source.entries) if (!entries.has(key)) entries.set(key, entry);
  }
  return true;
}
