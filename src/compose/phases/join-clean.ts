import { posix } from 'node:path';

/** A path without `//`, `/./`, `/../` and without a slash at its end; `.` when nothing is left. */
export function cleanPath(path: string): string {
  const clean = posix.normalize(path);
  return clean.length > 1 && clean.endsWith('/') ? clean.slice(0, -1) : clean;
}

/** Both joined by a slash, and cleaned. */
export function joinClean(folder: string, path: string): string {
  return cleanPath(posix.join(folder, path));
}
