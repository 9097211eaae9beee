import { appendFileSync, copyFileSync, renameSync, statSync, truncateSync } from 'node:fs';
import { inspect } from 'node:util';

export interface Log {
  info(text: string): void;
  error(text: string, cause?: unknown): void;
}

const limit = 4 * 1024 * 1024;
const kept = 3;

/**
 * The daemon's own log: one line an event, at most 4 MiB and three older files. The current file is emptied and not
 * replaced, because standard error of the process, where a crash of Node itself would speak, stays open on it.
 */
export function openLog(file: string, now: () => Date): Log {
  let size = sizeOf(file);
  const write = (level: string, text: string): void => {
    const line = `${now().toISOString()} ${level} ${text}\n`;
    if (!append(file, line)) return;
    size += Buffer.byteLength(line);
    if (size <= limit) return;
    rotate(file);
    size = 0;
  };
  return {
    info: (text) => write('info', text),
    error: (text, cause) => write('error', cause === undefined ? text : `${text}: ${inspect(cause)}`),
  };
}

/** A full disk or a deleted home must not end the daemon for want of a line in its log. */
function append(file: string, line: string): boolean {
  try {
    appendFileSync(file, line, { mode: 0o600 });
    return true;
  } catch {
    process.stderr.write(line);
    return false;
  }
}

function rotate(file: string): void {
  for (let age = kept - 1; age >= 1; age--) {
    if (sizeOf(`${file}.${age}`) > 0) renameSync(`${file}.${age}`, `${file}.${age + 1}`);
  }
  copyFileSync(file, `${file}.1`);
  truncateSync(file);
}

function sizeOf(file: string): number {
  return statSync(file, { throwIfNoEntry: false })?.size ?? 0;
}
