import { appendFile, stat, truncate } from 'node:fs/promises';

/** HAProxy notes every command; the file must not grow without end. */
const limit = 1 << 20;

/** Cuts a log that has grown too long, and says how long it is. Whoever writes appends, so that may be meanwhile. */
export async function boundLog(file: string): Promise<number> {
  const size = (await stat(file).catch(() => undefined))?.size ?? 0;
  if (size <= limit) return size;
  await truncate(file, 0);
  return 0;
}

/** Adds what was said elsewhere. */
export async function addToLog(file: string, text: string): Promise<void> {
  await boundLog(file);
  await appendFile(file, text, { mode: 0o600 });
}
