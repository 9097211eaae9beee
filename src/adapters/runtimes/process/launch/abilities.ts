import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Tools } from '../tools.ts';
import { boundingSet } from './capabilities.ts';
import { removeLayer } from './layer.ts';

/** What the kernel lets us do for instances; found out by trying. */
export interface Abilities {
  readonly root: boolean;
  /** Private mounts and host name: as root, inside a user namespace of our own account, or not at all. */
  readonly namespaces: 'root' | 'user' | 'none';
  /** May an instance write over its snapshot without changing it? */
  readonly overlay: boolean;
  readonly capabilities: ReadonlySet<string>;
}

/** Tries what this process may do. A few milliseconds; the answer does not change while it runs. */
export function probeAbilities(tools: Tools): Abilities {
  const root = process.getuid?.() === 0;
  const kind = root ? 'root' : 'user';
  const works = tryUnshare(tools, kind, [tools.mount, '-t', 'tmpfs', 'tmpfs', '/mnt']);
  const namespaces = works ? kind : 'none';
  const overlay = works && tryOverlay(tools, kind);
  return { root, namespaces, overlay, capabilities: boundingSet() };
}

/** The arguments of `unshare` up to the program. Changes never reach the machine's own mounts. */
export function unshareArguments(kind: 'root' | 'user'): readonly string[] {
  const own = kind === 'root' ? [] : ['--user', '--map-current-user', '--keep-caps'];
  return [...own, '--mount', '--uts', '--propagation', 'private', '--'];
}

function tryUnshare(tools: Tools, kind: 'root' | 'user', command: readonly string[]): boolean {
  const args = [...unshareArguments(kind), ...command];
  return spawnSync(tools.unshare, args, { stdio: 'ignore', env: {}, timeout: 10_000 }).status === 0;
}

function tryOverlay(tools: Tools, kind: 'root' | 'user'): boolean {
  const folder = mkdtempSync(join(tmpdir(), 'timonel-overlay-'));
  const at = (name: string): string => join(folder, name);
  try {
    for (const name of ['lower', 'upper', 'work', 'merged']) mkdirSync(at(name));
    const options = `lowerdir=${at('lower')},upperdir=${at('upper')},workdir=${at('work')}`;
    return tryUnshare(tools, kind, [tools.mount, '-t', 'overlay', '-o', options, 'overlay', at('merged')]);
  } finally {
    removeLayer(folder);
  }
}
