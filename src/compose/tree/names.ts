import { type Entry, type Node, textOf } from './node.ts';
import type { Mark } from './source.ts';

/**
 * A list of names as a mapping, each name with what `value` makes. Anything else, also a list that holds other things
 * than names, stays as it is.
 */
export function namesToMapping(node: Node, value: (mark: Mark) => Node): Node {
  if (node.kind !== 'list') return node;
  const entries = new Map<string, Entry>();
  for (const item of node.items) {
    const name = textOf(item);
    if (name === undefined) return node;
    entries.set(name, { key: item.mark, value: value(item.mark) });
  }
  return { kind: 'mapping', entries, mark: node.mark };
}
