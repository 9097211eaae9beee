import { child, type Mapping, type Node, textOf } from '../tree/node.ts';
import type { Mark } from '../tree/source.ts';

/** A dependency that follows from another attribute. */
export interface ImpliedDependency {
  readonly name: string;
  /** Is the service restarted when the other one is recreated? */
  readonly restart: boolean;
  readonly mark: Mark;
}

/** The services that links, shared namespaces and `volumes_from` of a service make it depend on. */
export function dependencyNames(service: Mapping): ImpliedDependency[] {
  return [
    ...items(child(service, 'links')).map(([link, mark]) => ({ name: linkTarget(link), restart: true, mark })),
    ...['network_mode', 'ipc', 'pid', 'uts', 'cgroup'].flatMap((key) => sharedWith(child(service, key))),
    ...items(child(service, 'volumes_from'))
      .filter(([from]) => !from.startsWith('container:'))
      .map(([from, mark]) => ({ name: from.split(':', 1)[0] ?? from, restart: false, mark })),
  ];
}

/** `db` of `db:alias`. */
function linkTarget(link: string): string {
  const parts = link.split(':');
  return parts.length === 2 ? (parts[0] ?? link) : link;
}

function sharedWith(node: Node | undefined): ImpliedDependency[] {
  const value = textOf(node);
  if (node === undefined || !value?.startsWith('service:')) return [];
  return [{ name: value.slice('service:'.length), restart: true, mark: node.mark }];
}

function items(node: Node | undefined): (readonly [string, Mark])[] {
  if (node?.kind !== 'list') return [];
  return node.items.flatMap((item) => {
    const written = textOf(item);
    return written === undefined ? [] : [[written, item.mark] as const];
  });
}
