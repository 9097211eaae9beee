import { mapEntries } from '../tree/edit.ts';
import type { Node, Path } from '../tree/node.ts';

/**
 * Removes from `node` what a later document tagged `!reset` or `!override` there. Elements of lists are out of reach,
 * as in the reference.
 *
 * @param dropped paths from the root of the model
 * @param base where `node` stands in the model
 */
export function dropTagged(node: Node, dropped: readonly Path[], base: Path = []): Node {
  const inside = dropped.filter((path) => path.length > base.length && base.every((step, at) => path[at] === step));
  return inside.length === 0 ? node : drop(node, inside, base.length);
}

function drop(node: Node, paths: readonly Path[], depth: number): Node {
  if (node.kind !== 'mapping') return node;
  return mapEntries(node, (key, entry) => {
    const here = paths.filter((path) => path[depth] === key);
    if (here.length === 0) return entry.value;
    if (here.some((path) => path.length === depth + 1)) return undefined;
    return drop(entry.value, here, depth + 1);
  });
}
