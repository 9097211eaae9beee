import { chmodSync, existsSync, rmSync } from 'node:fs';
import { join } from 'node:path';

/** Deletes the `upper` and `work` folders of an overlay, below `folder`. */
export function removeLayer(folder: string): void {
  // The kernel leaves a folder in `work` that nobody may read, which without root keeps it from being deleted.
  const sealed = join(folder, 'work/work');
  if (existsSync(sealed)) chmodSync(sealed, 0o700);
  rmSync(folder, { recursive: true, force: true });
}
