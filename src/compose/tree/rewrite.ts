import { mapEntries, mapItems } from './edit.ts';
import type { Node, Path } from './node.ts';
import type { PathTable } from './path-table.ts';

/** Changes the node at a path of a table; what it returns is then searched for deeper rules. */
export type Rewrite<C> = (node: Node, path: Path, context: C) => Node;

/** Applies a table of rewrites to a tree, from the root down. */
export function rewrite<C>(node: Node, table: PathTable<Rewrite<C>>, context: C, path: Path = []): Node {
  const changed = table.rule === undefined ? node : table.rule(node, path, context);
  if (table.isLeaf || changed.kind === 'scalar') return changed;
  if (changed.kind === 'mapping') {
    return mapEntries(changed, (key, entry) => {
      const below = table.below(key);
      return below === undefined ? entry.value : rewrite(entry.value, below, context, [...path, key]);
    });
  }
  const below = table.below('*');
  if (below === undefined) return changed;
  return mapItems(changed, (item, index) => rewrite(item, below, context, [...path, index]));
}
