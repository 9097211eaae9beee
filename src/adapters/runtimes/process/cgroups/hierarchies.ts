import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** Where control groups may be made. Version 1 has a tree for each controller, version 2 one for all. */
export interface Hierarchies {
  /** Folder for our groups in the version 2 tree, with the controllers it offers. */
  readonly unified: { readonly folder: string; readonly controllers: ReadonlySet<string> } | undefined;
  /** Folder for our groups by version 1 controller. */
  readonly legacy: ReadonlyMap<string, string>;
}

/** Looks at what is mounted, and where this process stands in it. */
export function readHierarchies(): Hierarchies {
  try {
    const found = parseHierarchies(
      readFileSync('/proc/self/mountinfo', 'utf8'),
      readFileSync('/proc/self/cgroup', 'utf8'),
    );
    const folder = found.unified?.folder;
    if (folder === undefined) return found;
    const offered = join(folder, 'cgroup.controllers');
    const controllers = existsSync(offered) ? readFileSync(offered, 'utf8').trim().split(/\s+/) : [];
    return { ...found, unified: { folder, controllers: new Set(controllers) } };
  } catch {
    return { unified: undefined, legacy: new Map() };
  }
}

/**
 * Version 1 groups are made below this process's own, so that limits set around it hold for instances too. That is
 * impossible in version 2, where a group with processes has no children: there they are made at the tree's root.
 */
export function parseHierarchies(mountinfo: string, cgroup: string): Hierarchies {
  const own = new Map<string, string>();
  for (const line of cgroup.trim().split('\n')) {
    const [, names = '', path = '/'] = /^\d+:([^:]*):(.*)$/.exec(line) ?? [];
    for (const name of names.split(',')) own.set(name, path);
  }
  const legacy = new Map<string, string>();
  let unified: Hierarchies['unified'];
  for (const line of mountinfo.trim().split('\n')) {
    const [before = '', after = ''] = line.split(' - ');
    const [type, , options = ''] = after.split(' ');
    const [, , , root = '/', point = ''] = before.split(' ');
    if (type === 'cgroup2') unified = { folder: point, controllers: new Set() };
    if (type !== 'cgroup') continue;
    for (const name of options.split(',').filter((option) => own.has(option))) {
      legacy.set(name, join(point, withoutRoot(own.get(name) ?? '/', root)));
    }
  }
  return { unified, legacy };
}

/** Inside a container the tree is mounted from our own group down, while /proc names groups from the top. */
function withoutRoot(path: string, root: string): string {
  if (root === '/') return path;
  return path === root ? '/' : path.startsWith(`${root}/`) ? path.slice(root.length) : '/';
}
