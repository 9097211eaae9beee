import { createReadStream, existsSync } from 'node:fs';
import { createInterface } from 'node:readline';
import type { LogQuery } from '#model/log-query.ts';
import type { AccessLine } from '#model/metrics.ts';
import { isWanted, parseLine } from './line.ts';

/** The wanted lines of several files, one after the other; with `tail` only the last of them. */
export async function* readLines(paths: readonly string[], query: LogQuery): AsyncGenerator<AccessLine> {
  if (query.tail === undefined) {
    for (const path of paths) yield* wantedOf(path, query);
    return;
  }
  let last: AccessLine[] = [];
  // From the newest file back, until there are enough.
  for (const path of paths.toReversed()) {
    if (last.length >= query.tail) break;
    const own: AccessLine[] = [];
    for await (const line of wantedOf(path, query)) {
      own.push(line);
      if (own.length > 2 * query.tail + 100) own.splice(0, own.length - query.tail);
    }
    last = [...own, ...last];
  }
  if (query.tail > 0) yield* last.slice(-query.tail);
}

async function* wantedOf(path: string, query: LogQuery): AsyncGenerator<AccessLine> {
  if (!existsSync(path)) return;
  for await (const text of createInterface({ input: createReadStream(path), crlfDelay: Number.POSITIVE_INFINITY })) {
    const line = parseLine(text);
    if (line !== undefined && isWanted(line, query)) yield line;
  }
}
