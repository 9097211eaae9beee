import { chownSync, existsSync, lchownSync, mkdirSync, readdirSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { fail } from '#core/errors.ts';
import type { Project } from '#model/project.ts';
import type { Home } from './home.ts';
import type { User } from './launch/user.ts';

/**
 * Makes the folders of a project's named volumes that are not there yet. One that is there stays as it is.
 *
 * @throws RUNTIME_VOLUME_EXTERNAL, RUNTIME_VOLUME_DRIVER before anything is made
 */
export function ensureVolumes(model: Project, home: Home): void {
  const volumes = Object.entries(model.volumes ?? {}).map(([key, volume]) => ({
    key,
    volume: volume ?? {},
    name: volume?.name ?? `${model.name}_${key}`,
  }));
  for (const { key, volume, name } of volumes) {
    const path = home.volume(name);
    if (volume.external === true && !existsSync(path)) throw fail('RUNTIME_VOLUME_EXTERNAL', { volume: name, path });
    const options = Object.keys((volume.driver_opts ?? {}) as Record<string, unknown>);
    if ((volume.driver ?? 'local') !== 'local' || options.length > 0) {
      throw fail('RUNTIME_VOLUME_DRIVER', { volume: key, driver: volume.driver ?? `local (${options.join(', ')})` });
    }
  }
  for (const { name } of volumes) makeVolume(home, name);
}

/** Makes one volume, if it is not there; parents that others may pass through, because services run as other users. */
export function makeVolume(home: Home, name: string): string {
  const path = home.volume(name);
  if (!existsSync(path)) {
    mkdirSync(home.volumes, { recursive: true, mode: 0o711 });
    mkdirSync(path, { mode: 0o755 });
  }
  return path;
}

/** Deletes a volume's data for good. */
export function deleteVolume(home: Home, name: string): void {
  rmSync(home.volume(name), { recursive: true, force: true });
}

/**
 * Gives a fresh volume to the user that will write to it. One with content keeps its owners, unless `how` is `all`:
 * servers in the place of an image own their data, as the image's entrypoint sees to.
 */
export function giveVolume(path: string, user: User, how: 'fresh' | 'all'): void {
  if (process.getuid?.() !== 0 || statSync(path).uid === user.uid) return;
  if (how === 'all') chownAll(path, user);
  else if (readdirSync(path).length === 0) chownSync(path, user.uid, user.gid);
}

function chownAll(path: string, { uid, gid }: User): void {
  for (const entry of readdirSync(path, { recursive: true, withFileTypes: true })) {
    lchownSync(join(entry.parentPath, entry.name), uid, gid);
  }
  // Last: a crash on the way leaves the root's old owner, and so the whole is done again.
  chownSync(path, uid, gid);
}
