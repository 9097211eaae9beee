import { once } from 'node:events';
import type { ServerResponse } from 'node:http';

/**
 * Answers with one JSON document a line, as they come, until `items` ends or the client goes. Something thrown on the
 * way cuts the answer short, so that the client does not take it for whole.
 */
export async function sendLines(response: ServerResponse, items: AsyncIterable<unknown>): Promise<void> {
  response.writeHead(200, { 'content-type': 'application/x-ndjson' });
  response.flushHeaders();
  const closed = once(response, 'close');
  for await (const item of items) {
    if (response.destroyed) return;
    if (!response.write(`${JSON.stringify(item)}\n`)) await Promise.race([once(response, 'drain'), closed]);
  }
  response.end();
}
