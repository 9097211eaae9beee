import type { Entry, List, Mapping, Node } from './node.ts';
import type { Mark } from './source.ts';

/** `node` with `value` under `key`; a key that was there keeps its place in the order. */
export function withKey(node: Mapping, key: string, value: Node, keyMark: Mark = value.mark): Mapping {
  const entries = new Map(node.entries);
  entries.set(key, { key: node.entries.get(key)?.key ?? keyMark, value });
  return { ...node, entries };
}

/** `node` without `key`; the node itself when the key was not there. */
export function withoutKey(node: Mapping, key: string): Mapping {
  if (!node.entries.has(key)) return node;
  const entries = new Map(node.entries);
  entries.delete(key);
  return { ...node, entries };
}

/**
 * `node` with each value replaced by what `change` makes of it; undefined drops the key. Returns the node itself when
 * nothing changed, so that untouched parts of a large file cost no memory.
 */
export function mapEntries(node: Mapping, change: (key: string, entry: Entry) => Node | undefined): Mapping {
  let entries: Map<string, Entry> | undefined;
  for (const [key, entry] of node.entries) {
    const value = change(key, entry);
    if (value === entry.value) continue;
    entries ??= new Map(node.entries);
    if (value === undefined) entries.delete(key);
    else entries.set(key, { key: entry.key, value });
  }
  return entries === undefined ? node : { ...node, entries };
}

/** The list with each item replaced by what `change` makes of it; the list itself when nothing changed. */
export function mapItems(node: List, change: (item: Node, index: number) => Node): List {
  let items: Node[] | undefined;
  node.items.forEach((item, index) => {
    const value = change(item, index);
    if (value === item) return;
    items ??= [...node.items];
    items[index] = value;
  });
  return items === undefined ? node : { ...node, items };
}
