import type { LogLine } from '#model/instance.ts';
import type { LogQuery } from '#model/log-query.ts';
import type { World } from '#world/world.ts';
import { runtimesOf } from './observe.ts';

/** Lines of all runtimes. Of one they come in order; of several, those already written are put in order of time. */
export async function* logsOf(world: World, query: LogQuery, signal: AbortSignal): AsyncIterable<LogLine> {
  const runtimes = runtimesOf(world);
  const [only] = runtimes;
  if (runtimes.length === 1 && only !== undefined) {
    yield* only.logs(query, signal);
    return;
  }
  const past: LogLine[] = [];
  const { follow, ...written } = query;
  for (const runtime of runtimes) for await (const line of runtime.logs(written, signal)) past.push(line);
  const sorted = past.toSorted((a, b) => a.time - b.time);
  yield* query.tail === undefined ? sorted : sorted.slice(-query.tail);
  if (follow === true) yield* followAll(world, { ...query, tail: 0 }, signal);
}

async function* followAll(world: World, query: LogQuery, signal: AbortSignal): AsyncIterable<LogLine> {
  const iterators = runtimesOf(world).map((runtime) => runtime.logs(query, signal)[Symbol.asyncIterator]());
  const waiting = new Map(iterators.map((iterator, index) => [index, next(iterator, index)]));
  while (waiting.size > 0) {
    const { index, result } = await Promise.race(waiting.values());
    const iterator = iterators[index];
    if (result.done === true || iterator === undefined) waiting.delete(index);
    else {
      waiting.set(index, next(iterator, index));
      yield result.value;
    }
  }
}

async function next(iterator: AsyncIterator<LogLine>, index: number) {
  return { index, result: await iterator.next() };
}
