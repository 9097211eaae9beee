import { posix } from 'node:path';
import type { ProjectFiles } from '#world/project-files.ts';

export interface MemoryTree {
  /** Absolute path to content; a text stands for its UTF-8 bytes. */
  readonly files: Readonly<Record<string, string | Uint8Array>>;
  readonly directories?: readonly string[];
  /** Absolute path of a symbolic link to what it points to, relative to its folder or absolute. */
  readonly links?: Readonly<Record<string, string>>;
}

/** A file system of a few files that lives in memory, so that a test needs no folder and leaves nothing behind. */
export function memoryFiles(tree: MemoryTree): ProjectFiles {
  const files = new Map(
    Object.entries(tree.files).map(([path, content]) => [
      path,
      typeof content === 'string' ? Buffer.from(content) : content,
    ]),
  );
  const links = new Map(Object.entries(tree.links ?? {}));
  const directories = new Set([...files.keys(), ...links.keys()].flatMap(parentsOf));
  for (const path of tree.directories ?? []) for (const one of [path, ...parentsOf(path)]) directories.add(one);

  function follow(path: string, hops = 0): string {
    const parent = posix.dirname(path);
    const whole = parent === path ? path : posix.join(follow(parent, hops), posix.basename(path));
    const target = links.get(whole);
    if (target === undefined || hops > 40) return whole;
    return follow(posix.resolve(posix.dirname(whole), target), hops + 1);
  }

  const kind: ProjectFiles['kind'] = (path) => {
    const real = follow(path);
    if (files.has(real)) return 'file';
    return directories.has(real) ? 'directory' : undefined;
  };
  const readBytes: ProjectFiles['readBytes'] = (path) => {
    if (kind(path) === 'directory') throw new Error(`${path} is a directory`);
    return files.get(follow(path));
  };
  return {
    kind,
    readBytes,
    readText: (path) => {
      const bytes = readBytes(path);
      return bytes === undefined ? undefined : new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
    },
    realPath: (path) => (kind(path) === undefined ? undefined : follow(path)),
    size: (path) => files.get(follow(path))?.length,
  };
}

function parentsOf(path: string): string[] {
  const parent = posix.dirname(path);
  return parent === path ? [] : [parent, ...parentsOf(parent)];
}
