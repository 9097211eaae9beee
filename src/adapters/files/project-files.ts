import { readFileSync, realpathSync, statSync } from 'node:fs';
import type { ProjectFiles } from '#world/project-files.ts';

/** The files of this machine, as the Compose loader may see them. */
export const projectFiles: ProjectFiles = {
  readBytes(path) {
    return unlessMissing(() => readFileSync(path));
  },
  readText(path) {
    const bytes = unlessMissing(() => readFileSync(path));
    // Wrong bytes are an error, not replacement characters: a value must arrive as it was written.
    return bytes === undefined ? undefined : new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  },
  kind(path) {
    const found = unlessMissing(() => statSync(path));
    if (found === undefined) return undefined;
    if (found.isFile()) return 'file';
    return found.isDirectory() ? 'directory' : 'other';
  },
  realPath(path) {
    return unlessMissing(() => realpathSync(path));
  },
  size(path) {
    return unlessMissing(() => statSync(path))?.size;
  },
};

const missing = new Set(['ENOENT', 'ENOTDIR', 'ELOOP', 'ENAMETOOLONG', 'EACCES']);

function unlessMissing<T>(act: () => T): T | undefined {
  try {
    return act();
  } catch (error) {
    if (missing.has((error as NodeJS.ErrnoException).code ?? '')) return undefined;
    throw error;
  }
}
