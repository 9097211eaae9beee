import type { LogLine } from '#model/instance.ts';
import type { LogQuery } from '#model/log-query.ts';
import type { StoredLine } from './line.ts';
import { readBackward, readForward } from './read.ts';
import type { Cursor } from './service-log.ts';

/** A service's log, as a query sees it. */
export interface LogSource {
  readonly project: string;
  readonly service: string;
  readonly folder: string;
}

/** Reads on from a cursor that moves; one for each service, so that a follower never loses its place. */
export class Reader {
  readonly source: LogSource;
  readonly #query: LogQuery;
  #cursor: Cursor;

  constructor(source: LogSource, query: LogQuery, cursor: Cursor) {
    this.source = source;
    this.#query = query;
    this.#cursor = cursor;
  }

  /** What there is now, oldest first. */
  *lines(): Generator<LogLine> {
    for (const { line, next } of readForward(this.source.folder, this.#cursor)) {
      this.#cursor = next;
      if (line !== undefined && matches(line, this.#query)) yield logLine(this.source, line);
    }
  }
}

/** Readers that begin where the query's answer begins: after `since`, at the newest `tail` lines of all together. */
export function readersFor(sources: readonly LogSource[], query: LogQuery): readonly Reader[] {
  const { tail } = query;
  if (tail === undefined) return sources.map((source) => new Reader(source, query, firstSince(source, query)));
  const newest = sources.map((source) => newestLines(source, query, tail));
  const times = newest.flatMap((found) => found.lines.map((one) => one.time)).toSorted((a, b) => b - a);
  const oldest = times[tail - 1] ?? Number.NEGATIVE_INFINITY;
  return newest.map(({ source, lines, end }) => {
    const first = lines.find((one) => one.time >= oldest);
    return new Reader(source, query, first?.at ?? end);
  });
}

const start: Cursor = { generation: 0, position: 0 };

function firstSince(source: LogSource, { since }: LogQuery): Cursor {
  if (since === undefined) return start;
  let cursor: Cursor | undefined;
  for (const { line, at, next } of readBackward(source.folder)) {
    cursor ??= next;
    if (line !== undefined && line.t < since) break;
    cursor = at;
  }
  return cursor ?? start;
}

function newestLines(source: LogSource, query: LogQuery, count: number) {
  const lines: { readonly time: number; readonly at: Cursor }[] = [];
  let end: Cursor | undefined;
  for (const { line, at, next } of readBackward(source.folder)) {
    end ??= next;
    if (line === undefined || !matches(line, query)) continue;
    if (lines.length >= count || line.t < (query.since ?? 0)) break;
    lines.unshift({ time: line.t, at });
  }
  return { source, lines, end: end ?? start };
}

function matches(line: StoredLine, { instance, release, since }: LogQuery): boolean {
  return (
    (instance === undefined || line.i === instance) &&
    (release === undefined || line.r === release) &&
    (since === undefined || line.t >= since)
  );
}

function logLine({ project, service }: LogSource, { t, i, r, s, m }: StoredLine): LogLine {
  return {
    time: t,
    project,
    service,
    instance: i,
    release: r,
    stream: s === 'e' ? 'stderr' : 'stdout',
    text: m,
  };
}

/** Joins what several readers have, in the order of time. */
export function* mergeByTime(readers: readonly Reader[]): Generator<LogLine> {
  const heads = readers.map((reader) => {
    const lines = reader.lines();
    return { lines, head: lines.next() };
  });
  for (;;) {
    let first: (typeof heads)[number] | undefined;
    for (const one of heads) {
      if (one.head.done === true) continue;
      if (first === undefined || first.head.done === true || one.head.value.time < first.head.value.time) first = one;
    }
    if (first === undefined || first.head.done === true) return;
    yield first.head.value;
    first.head = first.lines.next();
  }
}
