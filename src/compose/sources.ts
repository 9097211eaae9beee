import type { Location } from '#core/location.ts';
import type { Sources } from './contract.ts';
import type { Node, Path } from './tree/node.ts';
import type { Spot } from './tree/report.ts';
import { locationOf } from './tree/source.ts';

/** The spot of a path in a tree: of its key where it has one, else of the nearest parent that is there. */
export function spotAt(root: Node, path: Path): Spot {
  let node = root;
  let mark = root.mark;
  for (const step of path) {
    const next = below(node, step);
    if (next === undefined) break;
    node = next.value;
    mark = next.mark;
  }
  return { path, mark };
}

/** Places of the canonical model, from the tree that it was made of. */
export function sourcesOf(root: Node): Sources {
  return {
    locate(path: Path): Location | undefined {
      const { mark } = spotAt(root, path);
      return locationOf(mark, path);
    },
  };
}

function below(node: Node, step: string | number): { value: Node; mark: Node['mark'] } | undefined {
  if (node.kind === 'list') {
    const item = node.items[Number(step)];
    return item === undefined ? undefined : { value: item, mark: item.mark };
  }
  if (node.kind === 'scalar') return undefined;
  const entry = node.entries.get(String(step));
  return entry === undefined ? undefined : { value: entry.value, mark: entry.key };
}
