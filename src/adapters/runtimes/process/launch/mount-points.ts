import {
  existsSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  rmdirSync,
  unlinkSync,
  writeFileSync,
} from 'node:fs';
import { dirname } from 'node:path';
import { fail, reasonOf } from '#core/errors.ts';
import { readJson, writeJson } from '../atomic-file.ts';

export interface Point {
  readonly path: string;
  readonly kind: 'file' | 'folder';
}

interface Made extends Point {
  readonly users: readonly string[];
}

/**
 * Empty folders and files that had to be made on the machine so that something could be mounted on them inside an
 * instance. Each is written down before it is made, and taken away when the last instance that needs it is removed:
 * nothing else of the machine is ever changed.
 */
export class MountPoints {
  readonly #path: string;
  #made: readonly Made[];

  constructor(path: string) {
    this.#path = path;
    const stored = readJson(path)?.points;
    this.#made = Array.isArray(stored) ? (stored as Made[]) : [];
  }

  /** Makes what is missing of `points`, for the instance `user`. */
  ensure(points: readonly Point[], user: string): void {
    const wanted = points.flatMap((point) => [...missingFolders(dirname(point.path)), point]);
    const known = new Set(this.#made.map((one) => one.path));
    const missing = unique(wanted).filter((one) => known.has(one.path) || !existsSync(one.path));
    if (missing.length === 0) return;
    const paths = new Set(missing.map((one) => one.path));
    // The folders above one that we made belong to it too, also where another instance had them made.
    const used = (one: Made): boolean =>
      [...paths].some((path) => path === one.path || path.startsWith(`${one.path}/`));
    const kept = this.#made.map((one) => (used(one) ? { ...one, users: [...new Set([...one.users, user])] } : one));
    this.#save([...kept, ...missing.filter((one) => !known.has(one.path)).map((one) => ({ ...one, users: [user] }))]);
    for (const point of missing) make(point);
  }

  /** Is this one of ours? */
  made(path: string): boolean {
    return this.#made.some((one) => one.path === path);
  }

  /** The instance `user` is gone: takes away what only it needed. */
  release(user: string): void {
    this.#keepFor((other) => other !== user);
  }

  /** Only `users` exist: takes away what a crash kept from being released. */
  retain(users: ReadonlySet<string>): void {
    this.#keepFor((user) => users.has(user));
  }

  #keepFor(isUser: (user: string) => boolean): void {
    if (this.#made.length === 0) return;
    const left = this.#made.map((one) => ({ ...one, users: one.users.filter(isUser) }));
    const idle = left.filter((one) => one.users.length === 0).toSorted((a, b) => b.path.length - a.path.length);
    // Removing a folder takes away what others, in their own namespaces, have mounted on it.
    const mounted = idle.length === 0 ? new Set<string>() : mountedAnywhere();
    const gone = new Set(idle.filter((one) => !mounted.has(one.path) && unmake(one)).map((one) => one.path));
    this.#save(left.filter((one) => !gone.has(one.path)));
  }

  #save(made: readonly Made[]): void {
    this.#made = made;
    writeJson(this.#path, { points: made });
  }
}

function missingFolders(path: string): Point[] {
  if (existsSync(path)) return [];
  return [...missingFolders(dirname(path)), { path, kind: 'folder' }];
}

function unique(points: readonly Point[]): Point[] {
  return [...new Map(points.map((one) => [one.path, one])).values()];
}

function make({ path, kind }: Point): void {
  if (existsSync(path)) return;
  try {
    if (kind === 'folder') mkdirSync(path, { mode: 0o755 });
    else writeFileSync(path, '', { mode: 0o644, flag: 'wx' });
  } catch (error) {
    throw fail('RUNTIME_MOUNT_POINT', { path, reason: reasonOf(error) }, { cause: error });
  }
}

/** True when it is gone. What somebody has filled since is theirs: it stays, and we forget it. */
function unmake({ path, kind }: Point): boolean {
  try {
    if (kind === 'folder') {
      if (readdirSync(path).length > 0) return true;
      rmdirSync(path);
    } else if (lstatSync(path).isFile() && lstatSync(path).size === 0) unlinkSync(path);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'ENOENT';
  }
}

/** Mount points in every mount namespace of the machine that we may look into. */
function mountedAnywhere(): ReadonlySet<string> {
  const points = new Set<string>();
  const namespaces = new Set<string>();
  for (const pid of readdirSync('/proc').filter((name) => /^\d+$/.test(name))) {
    try {
      const namespace = readlinkSync(`/proc/${pid}/ns/mnt`);
      if (namespaces.has(namespace)) continue;
      namespaces.add(namespace);
      for (const line of readFileSync(`/proc/${pid}/mountinfo`, 'utf8').split('\n'))
        points.add(line.split(' ')[4] ?? '');
    } catch {
      // The process ended, or is not ours to look into.
    }
  }
  return points;
}
