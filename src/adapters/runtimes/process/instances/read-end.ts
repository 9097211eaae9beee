import { closeSync, fstatSync, openSync, readSync } from 'node:fs';

const keptBytes = 64 * 1024;

/** The last 64 KiB of a file as text; empty when there is none. */
export function readEnd(path: string): string {
  let file: number;
  try {
    file = openSync(path, 'r');
  } catch {
    return '';
  }
  try {
    const { size } = fstatSync(file);
    const buffer = Buffer.alloc(Math.min(size, keptBytes));
    const read = readSync(file, buffer, 0, buffer.length, size - buffer.length);
    return buffer.toString('utf8', 0, read);
  } finally {
    closeSync(file);
  }
}
