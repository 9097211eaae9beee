import { accessSync, constants, statSync } from 'node:fs';
import { delimiter, dirname, join } from 'node:path';
import { fail } from '#core/errors.ts';

/** Folders in which the system's own programs are looked for. */
export const systemPath = '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin';

/** Programs of util-linux, coreutils and libc-bin that the runtime is made of, with the Debian package of each. */
const packageOf = {
  env: 'coreutils',
  fallocate: 'util-linux',
  getent: 'libc-bin',
  hostname: 'hostname',
  id: 'coreutils',
  mkfifo: 'coreutils',
  mount: 'mount',
  nsenter: 'util-linux',
  prlimit: 'util-linux',
  setpriv: 'util-linux',
  taskset: 'util-linux',
  unshare: 'util-linux',
} as const;

export type ToolName = keyof typeof packageOf;
export type Tools = Readonly<Record<ToolName, string>>;

/** Absolute paths of all tools. Fails naming the first missing one and its package. */
export function findTools(path = systemPath): Tools {
  return Object.fromEntries(
    Object.entries(packageOf).map(([name, debian]) => {
      const found = findProgram(name, path);
      if (found === undefined) throw fail('RUNTIME_TOOL_MISSING', { tool: name, package: debian });
      return [name, found];
    }),
  ) as unknown as Tools;
}

/** The first executable `name` along `path`, as a shell would find it; undefined when there is none. */
export function findProgram(name: string, path: string): string | undefined {
  if (name.includes('/')) return isExecutable(name) ? name : undefined;
  return path
    .split(delimiter)
    .filter((folder) => folder.startsWith('/'))
    .map((folder) => join(folder, name))
    .find(isExecutable);
}

/**
 * PATH of an instance that sets none: what its provider brings, the Node that runs Timonel (so that `node` is the
 * version the user installed Timonel with), then the system's folders.
 */
export function instancePath(extra: readonly string[] = []): string {
  return [...extra, dirname(process.execPath), systemPath].join(delimiter);
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return statSync(path).isFile();
  } catch {
    return false;
  }
}
