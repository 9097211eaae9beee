import { withKey } from '../tree/edit.ts';
import { child, flag, type Node, text } from '../tree/node.ts';
import { PathTable } from '../tree/path-table.ts';
import { type Rewrite, rewrite } from '../tree/rewrite.ts';
import { scalarText } from '../tree/scalar-text.ts';

const defaults = PathTable.of<Rewrite<undefined>>({
  'services.*.build': (node) => absent(node, 'context', (mark) => text('.', mark)),
  'services.*.secrets.*': secretTarget,
  'services.*.ports.*': (node) =>
    absent(
      absent(node, 'protocol', (mark) => text('tcp', mark)),
      'mode',
      (mark) => text('ingress', mark),
    ),
  'services.*.deploy.resources.reservations.devices.*': allDevices,
  'services.*.gpus.*': allDevices,
  'services.*.volumes.*.bind': (node) => absent(node, 'create_host_path', (mark) => flag(true, mark)),
});

/** Fills in what an attribute means when a part of it is not said. */
export function setDefaults(root: Node): Node {
  return rewrite(root, defaults, undefined);
}

function absent(node: Node, key: string, make: (mark: Node['mark']) => Node): Node {
  return node.kind !== 'mapping' || node.entries.has(key) ? node : withKey(node, key, make(node.mark));
}

function secretTarget(node: Node): Node {
  const source = child(node, 'source');
  const name = source?.kind === 'scalar' ? scalarText(source) : '';
  return absent(node, 'target', (mark) => text(`/run/secrets/${name}`, mark));
}

/** A request that neither counts nor names devices means all of them. */
function allDevices(node: Node): Node {
  return child(node, 'device_ids') === undefined ? absent(node, 'count', (mark) => text('all', mark)) : node;
}
