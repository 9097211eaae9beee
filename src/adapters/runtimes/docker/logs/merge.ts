import type { LogLine } from '#model/instance.ts';

/** Puts several logs, each in order, into one in the order of time. */
export async function* mergeByTime(sources: readonly AsyncIterable<LogLine>[]): AsyncGenerator<LogLine> {
  const iterators = sources.map((source) => source[Symbol.asyncIterator]());
  try {
    const heads = await Promise.all(iterators.map((iterator) => iterator.next()));
    for (;;) {
      const first = earliest(heads);
      if (first === undefined) return;
      yield (heads[first] as IteratorYieldResult<LogLine>).value;
      heads[first] = await (iterators[first] as AsyncIterator<LogLine>).next();
    }
  } finally {
    await Promise.all(iterators.map((iterator) => iterator.return?.()));
  }
}

function earliest(heads: readonly IteratorResult<LogLine>[]): number | undefined {
  let best: number | undefined;
  for (const [index, head] of heads.entries()) {
    if (head.done === true) continue;
    const current = best === undefined ? undefined : heads[best];
    if (current === undefined || current.done === true || head.value.time < current.value.time) best = index;
  }
  return best;
}

/** The last `count` of a log; all of it where no count is given. */
export async function lastOf(source: AsyncIterable<LogLine>, count: number): Promise<readonly LogLine[]> {
  const kept: LogLine[] = [];
  for await (const line of source) {
    kept.push(line);
    if (kept.length > count * 2 + 1000) kept.splice(0, kept.length - count);
  }
  return count === 0 ? [] : kept.slice(-count);
}
