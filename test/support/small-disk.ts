import { spawnSync } from 'node:child_process';
import { closeSync, mkdirSync, openSync, rmSync, writeSync } from 'node:fs';
import { join } from 'node:path';

/** A disk of its own at a folder, so that filling it harms nobody else. */
export interface SmallDisk extends Disposable {
  /** Writes until not one byte more fits. */
  fill(): void;
  /** Gives the room back. */
  free(): void;
}

/** Why no disk can be mounted here, or undefined when one can. Tests print it and skip. */
export function whyNoDisk(): string | undefined {
  return process.getuid?.() === 0 ? undefined : 'mounting a small disk needs root';
}

/** Mounts an empty disk of `megabytes` over `folder`. */
export function smallDisk(folder: string, megabytes: number): SmallDisk {
  const mounted = spawnSync('mount', ['-t', 'tmpfs', '-o', `size=${megabytes}m,mode=0700`, 'tmpfs', folder]);
  if (mounted.status !== 0) throw new Error(`mount: ${mounted.stderr}`);
  const filler = join(folder, 'filler');
  mkdirSync(filler);
  let parts = 0;
  return {
    fill: () => {
      for (const size of [1 << 20, 4096, 1]) fillWith(join(filler, String(parts++)), size);
    },
    free: () => {
      for (let part = 0; part < parts; part++) rmSync(join(filler, String(part)), { force: true });
    },
    [Symbol.dispose]: () => {
      spawnSync('umount', ['-l', folder]);
    },
  };
}

function fillWith(path: string, size: number): void {
  let file: number | undefined;
  try {
    file = openSync(path, 'w');
    for (;;) writeSync(file, Buffer.alloc(size, 'x'));
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOSPC') throw error;
  } finally {
    if (file !== undefined) closeSync(file);
  }
}
