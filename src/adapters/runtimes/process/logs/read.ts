import { closeSync, fstatSync, openSync, readSync } from 'node:fs';
import { parseLine, type StoredLine } from './line.ts';
import { type Cursor, generationsIn, logFile } from './service-log.ts';

/** A line as read, with the place after it (reading forward) or of it (backward). `line` is undefined when torn. */
export interface ReadLine {
  readonly line: StoredLine | undefined;
  readonly at: Cursor;
  readonly next: Cursor;
}

const chunkBytes = 128 * 1024;

/**
 * The lines of a service's log from `from` on, oldest first, through all its files. What a torn last line holds is not
 * given. Files that rotation deletes meanwhile are passed over.
 */
export function* readForward(folder: string, from: Cursor): Generator<ReadLine> {
  for (const generation of generationsIn(folder).filter((one) => one >= from.generation)) {
    const start = generation === from.generation ? from.position : 0;
    yield* withFile(logFile(folder, generation), (file) => forwardIn(file, generation, start));
  }
}

function* forwardIn(file: number, generation: number, start: number): Generator<ReadLine> {
  const buffer = Buffer.alloc(chunkBytes);
  let rest = Buffer.alloc(0);
  let position = start;
  for (let read = start; ; ) {
    const size = readSync(file, buffer, 0, chunkBytes, read);
    if (size === 0) return;
    read += size;
    const bytes = Buffer.concat([rest, buffer.subarray(0, size)]);
    let begin = 0;
    for (let newline = bytes.indexOf(10); newline !== -1; newline = bytes.indexOf(10, begin)) {
      const at = { generation, position };
      position += newline + 1 - begin;
      yield { line: parseLine(bytes.toString('utf8', begin, newline)), at, next: { generation, position } };
      begin = newline + 1;
    }
    rest = Buffer.from(bytes.subarray(begin));
  }
}

/** The same lines from the end of the log to its beginning. */
export function* readBackward(folder: string): Generator<ReadLine> {
  for (const generation of generationsIn(folder).toReversed()) {
    yield* withFile(logFile(folder, generation), (file) => backwardIn(file, generation));
  }
}

function* backwardIn(file: number, generation: number): Generator<ReadLine> {
  let top = fstatSync(file).size;
  let rest = Buffer.alloc(0);
  while (top > 0) {
    const size = Math.min(chunkBytes, top);
    const chunk = Buffer.alloc(size);
    readSync(file, chunk, 0, size, top - size);
    top -= size;
    const bytes = Buffer.concat([chunk, rest]);
    let end = bytes.lastIndexOf(10) + 1;
    while (end > 0) {
      const begin = end < 2 ? 0 : bytes.lastIndexOf(10, end - 2) + 1;
      if (begin === 0 && top > 0) break;
      const at = { generation, position: top + begin };
      yield { line: parseLine(bytes.toString('utf8', begin, end - 1)), at, next: { generation, position: top + end } };
      end = begin;
    }
    rest = Buffer.from(bytes.subarray(0, end));
  }
}

function* withFile(path: string, read: (file: number) => Generator<ReadLine>): Generator<ReadLine> {
  let file: number;
  try {
    file = openSync(path, 'r');
  } catch {
    return;
  }
  try {
    yield* read(file);
  } finally {
    closeSync(file);
  }
}
