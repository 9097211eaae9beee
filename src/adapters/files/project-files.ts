import { readFileSync, realpathSync, type Stats, statSync } from 'node:fs';
import type { ProjectFiles } from '#world/project-files.ts';
import { readStream } from './read-stream.ts';

/** The files of this machine, as the Compose loader may see them. */
export const projectFiles: ProjectFiles = {
  readBytes: read,
  readText(path) {
    const bytes = read(path);
    // Wrong bytes are an error, not replacement characters: a value must arrive as it was written.
    return bytes === undefined ? undefined : new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  },
  kind(path) {
    const found = statOf(path);
    if (found === undefined) return undefined;
    if (found.isFile()) return 'file';
    return found.isDirectory() ? 'directory' : 'other';
  },
  realPath(path) {
    return unless([...missing, 'EACCES'], () => realpathSync(path));
  },
  size(path) {
    return statOf(path)?.size;
  },
};

function read(path: string): Uint8Array | undefined {
  return unless(missing, () => {
    const found = statSync(path);
    return found.isFile() || found.isDirectory() ? readFileSync(path) : readStream(path);
  });
}

function statOf(path: string): Stats | undefined {
  return unless([...missing, 'EACCES'], () => statSync(path));
}

/** A file that may not be read is there: to find it missing would leave its values out in silence. */
const missing = ['ENOENT', 'ENOTDIR', 'ELOOP', 'ENAMETOOLONG'];

function unless<T>(codes: readonly string[], act: () => T): T | undefined {
  try {
    return act();
  } catch (error) {
    if (codes.includes((error as NodeJS.ErrnoException).code ?? '')) return undefined;
    throw error;
  }
}
