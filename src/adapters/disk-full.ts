import { fail } from '#core/errors.ts';

/** Is it the disk, or the quota, that has no room? */
export function isDiskFull(error: unknown): boolean {
  const code = (error as NodeJS.ErrnoException).code;
  return code === 'ENOSPC' || code === 'EDQUOT';
}

/** A failed write of `path` in our words where the disk is full, because its cure is always the same. */
export function writeFailure(error: unknown, path: string): unknown {
  return isDiskFull(error) ? fail('RUNTIME_DISK_FULL', { path }, { cause: error }) : error;
}
