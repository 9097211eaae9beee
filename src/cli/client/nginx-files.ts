import { globSync, readFileSync, statSync } from 'node:fs';
import { dirname, isAbsolute, relative, resolve } from 'node:path';
import { fail, reasonOf } from '#core/errors.ts';
import type { Include } from '#nginx/parse.ts';

/** The nginx files that were named, and how to find those that they name themselves. */
export interface NginxFiles {
  readonly files: readonly { readonly file: string; readonly text: string }[];
  readonly include: Include;
  read(path: string): string | undefined;
  isFile(path: string): boolean;
}

/**
 * @param names files as they were typed; `-` is standard input
 * @param cwd where they were typed
 */
export function nginxFiles(names: readonly string[], cwd: string): NginxFiles {
  const paths = names.filter((one) => one !== '-').map((one) => resolve(cwd, one));
  const folders = [...new Set([...paths.map((one) => dirname(one)), cwd])];
  const shown = (path: string) => (relative(cwd, path).startsWith('..') ? path : relative(cwd, path));
  const placesOf = (path: string) => candidates(path, folders);
  return {
    files: names.map((name) => ({ file: name, text: name === '-' ? readFileSync(0, 'utf8') : readOne(name, cwd) })),
    include: (pattern) => {
      for (const place of placesOf(pattern)) {
        const found = globSync(place).filter(isFile).toSorted();
        if (found.length > 0) return found.map((path) => ({ file: shown(path), text: readFileSync(path, 'utf8') }));
      }
      return [];
    },
    read: (path) => {
      const found = placesOf(path).find(isFile);
      return found === undefined ? undefined : readFileSync(found, 'utf8');
    },
    isFile,
  };
}

/** nginx counts from the folder of its main file, which in a container is /etc/nginx. */
function candidates(path: string, folders: readonly string[]): readonly string[] {
  const below = path.replace(/^\/etc\/nginx\//, '');
  const beside = isAbsolute(below) ? [] : folders.map((folder) => resolve(folder, below));
  return isAbsolute(path) ? [path, ...beside] : beside;
}

function isFile(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.isFile() === true;
}

function readOne(name: string, cwd: string): string {
  try {
    return readFileSync(resolve(cwd, name), 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') throw fail('NGINX_NO_FILE', { file: name });
    throw fail('NGINX_UNREADABLE', { file: name, reason: reasonOf(error) }, { cause: error });
  }
}
