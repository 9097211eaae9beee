import { closeSync, constants, openSync, readSync } from 'node:fs';

/** How long a pipe may stay silent, and how much a device may say: the reader waits for nobody and holds nothing huge. */
const bounds = { silenceMs: 10_000, bytes: 16 * 1024 * 1024, pauseMs: 5 };

/**
 * Reads what is no regular file to its end: `/dev/null`, `/dev/stdin`, the pipe of `<(command)`. A plain read would
 * wait for ever on a pipe that nobody writes to, and fill the memory from `/dev/zero`.
 *
 * @throws when it stays silent or does not end
 */
export function readStream(path: string): Buffer {
  const descriptor = openSync(path, constants.O_RDONLY | constants.O_NONBLOCK);
  try {
    const chunks: Buffer[] = [];
    let total = 0;
    for (;;) {
      const chunk = nextChunk(descriptor);
      if (chunk.length === 0) return Buffer.concat(chunks);
      chunks.push(chunk);
      total += chunk.length;
      if (total > bounds.bytes) throw new Error(`it did not end after ${bounds.bytes / 1024 / 1024} MiB`);
    }
  } finally {
    closeSync(descriptor);
  }
}

/** What comes next; empty at the end. */
function nextChunk(descriptor: number): Buffer {
  const buffer = Buffer.alloc(64 * 1024);
  const sleeper = new Int32Array(new SharedArrayBuffer(4));
  for (let waited = 0; ; waited += bounds.pauseMs) {
    try {
      return buffer.subarray(0, readSync(descriptor, buffer));
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EAGAIN') throw error;
      if (waited >= bounds.silenceMs) throw new Error(`nothing came out of it within ${bounds.silenceMs / 1000} s`);
      Atomics.wait(sleeper, 0, 0, bounds.pauseMs);
    }
  }
}
