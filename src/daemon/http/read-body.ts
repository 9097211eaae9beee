import type { IncomingMessage } from 'node:http';
import { fail } from '#core/errors.ts';

/** A Compose file on standard input travels in the body, and the loader itself refuses larger ones. */
const largestBytes = 32 * 1024 * 1024;

/** The request's JSON body, or undefined where there is none. Throws DAEMON_BAD_REQUEST. */
export async function readBody(request: IncomingMessage): Promise<unknown> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size > largestBytes) throw fail('DAEMON_BAD_REQUEST', { detail: `body larger than ${largestBytes} bytes` });
    chunks.push(chunk);
  }
  if (size === 0) return undefined;
  try {
    return JSON.parse(Buffer.concat(chunks).toString('utf8')) as unknown;
  } catch (error) {
    throw fail('DAEMON_BAD_REQUEST', { detail: 'body is no JSON' }, { cause: error });
  }
}
