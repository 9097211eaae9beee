import { Readable } from 'node:stream';
import type { FastifyReply } from 'fastify';

/**
 * Answers with one JSON document a line, as they come. Ends the source when the client goes away. `items` must end
 * by itself when `signal` aborts, as a generator that only waits cannot be interrupted from outside.
 */
export function sendLines(reply: FastifyReply, items: AsyncIterable<unknown>, gone: AbortController): FastifyReply {
  reply.raw.once('close', () => gone.abort());
  return reply.type('application/x-ndjson').send(Readable.from(lines(items)));
}

async function* lines(items: AsyncIterable<unknown>): AsyncGenerator<string> {
  for await (const item of items) yield `${JSON.stringify(item)}\n`;
}
