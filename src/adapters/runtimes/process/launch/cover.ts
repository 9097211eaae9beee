import { statSync } from 'node:fs';
import { dirname } from 'node:path';
import type { User } from './user.ts';

/**
 * Which folder to hide from an instance, so that it sees of the home only its own: the home itself, or, when the
 * instance's user may not even pass through a folder above it (a home below /root, say), the highest such folder. Its
 * own paths are then shown again below, in folders that it may pass.
 */
export function coverPoint(home: string, user: User | undefined): string {
  const above = ancestors(home);
  return above.find((folder) => !maySearch(folder, user)) ?? home;
}

/** From the top: `/var`, `/var/lib`, `/var/lib/timonel`. */
function ancestors(path: string): string[] {
  const parent = dirname(path);
  return parent === path ? [] : [...ancestors(parent), path];
}

function maySearch(folder: string, user: User | undefined): boolean {
  if (user === undefined || user.uid === 0) return true;
  const { uid, gid, mode } = statSync(folder);
  if (uid === user.uid) return (mode & 0o100) !== 0;
  if (gid === user.gid || user.groups.includes(gid)) return (mode & 0o010) !== 0;
  return (mode & 0o001) !== 0;
}

export function isBelow(path: string, folder: string): boolean {
  return path === folder || path.startsWith(folder === '/' ? '/' : `${folder}/`);
}
