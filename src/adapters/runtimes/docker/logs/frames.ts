import type { Readable } from 'node:stream';

export interface Frame {
  readonly stream: 'stdout' | 'stderr';
  readonly bytes: Buffer;
}

const headerLength = 8;

/**
 * Splits what the engine sends for logs, attach and exec. Without a terminal every piece has a header: the stream's
 * number, three zeroes, the length. With one there is only the output itself.
 */
export async function* framesOf(source: Readable, terminal: 'terminal' | 'streams'): AsyncGenerator<Frame> {
  if (terminal === 'terminal') {
    for await (const bytes of source) yield { stream: 'stdout', bytes: bytes as Buffer };
    return;
  }
  let pending: Buffer = Buffer.alloc(0);
  for await (const chunk of source) {
    pending = pending.length === 0 ? (chunk as Buffer) : Buffer.concat([pending, chunk as Buffer]);
    for (;;) {
      if (pending.length < headerLength) break;
      const end = headerLength + pending.readUInt32BE(4);
      if (pending.length < end) break;
      yield { stream: pending[0] === 2 ? 'stderr' : 'stdout', bytes: pending.subarray(headerLength, end) };
      pending = pending.subarray(end);
    }
  }
}
