import { renameSync, writeFileSync } from 'node:fs';

/** Writes `file`, readable by its owner only, so that whoever reads it meanwhile sees the old text or the new one. */
export function writeWhole(file: string, text: string): void {
  writeFileSync(`${file}.new`, text, { mode: 0o600, flush: true });
  renameSync(`${file}.new`, file);
}
