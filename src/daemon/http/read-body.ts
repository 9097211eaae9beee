import type { IncomingMessage } from 'node:http';
import { fail } from '#core/errors.ts';
import { wholeLines } from '#core/whole-lines.ts';

/** A Compose file on standard input travels in the body, and the loader itself refuses larger ones. */
const largestBytes = 32 * 1024 * 1024;

/** The content type of a client that goes on talking: one JSON document a line. */
const talking = 'application/x-ndjson';

export interface Body {
  /** The JSON body, or the first line of it; undefined where there is none. */
  readonly body: unknown;
  /** The lines that follow, as they come. */
  readonly more: AsyncIterable<unknown>;
}

/** Reads a request's JSON body, or where the client goes on talking its first line. Throws DAEMON_BAD_REQUEST. */
export async function readBody(request: IncomingMessage): Promise<Body> {
  if (request.headers['content-type'] !== talking) return { body: await readWhole(request), more: nothing() };
  request.setEncoding('utf8');
  const lines = wholeLines(request);
  const first = await lines.next();
  return { body: first.done === true ? undefined : parse(first.value), more: parsed(lines) };
}

async function* parsed(lines: AsyncIterable<string>): AsyncGenerator<unknown> {
  for await (const line of lines) yield parse(line);
}

async function* nothing(): AsyncGenerator<never> {
  // A client that does not go on talking.
}

async function readWhole(request: IncomingMessage): Promise<unknown> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size > largestBytes) throw fail('DAEMON_BAD_REQUEST', { detail: `body larger than ${largestBytes} bytes` });
    chunks.push(chunk);
  }
  return size === 0 ? undefined : parse(Buffer.concat(chunks).toString('utf8'));
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch (error) {
    throw fail('DAEMON_BAD_REQUEST', { detail: 'body is no JSON' }, { cause: error });
  }
}
