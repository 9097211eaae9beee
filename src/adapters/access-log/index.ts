import { appendFileSync, closeSync, mkdirSync, openSync, readSync, renameSync, statSync } from 'node:fs';
import { join } from 'node:path';
import type { LogQuery } from '#model/log-query.ts';
import type { AccessLine, RequestEnd } from '#model/metrics.ts';
import { readLines } from './history.ts';
import { isWanted, lineOf, parseLine } from './line.ts';

export interface AccessLogOptions {
  /** Timonel's home; the lines are in `access/access.log` below it, older ones in `access.log.1` and so on. */
  readonly home: string;
  /** How large a file may grow, bytes. */
  readonly fileBytes?: number;
  readonly files?: number;
  /** At most so many lines in a second; the rest is counted in one line. */
  readonly linesPerSecond?: number;
}

/** Written in one go, this long after the first of them came. */
const gatherMs = 200;

/**
 * Who asked what and what came of it, as JSON lines: 8 files of 16 MiB at most, whatever is deployed or removed. The
 * daemon may die: the proxy still has the last requests, and what was written is not written again.
 */
export class AccessLog {
  readonly #file: string;
  readonly #limits: { readonly fileBytes: number; readonly files: number; readonly linesPerSecond: number };
  readonly #readers = new Set<(line: AccessLine) => void>();
  /** The newest that a daemon before us wrote, milliseconds since the epoch. */
  readonly #writtenUntil: number;
  #gathered: string[] = [];
  #timer: NodeJS.Timeout | undefined;
  #size: number;
  #second = 0;
  #inSecond = 0;

  constructor({ home, fileBytes = 16 << 20, files = 8, linesPerSecond = 2000 }: AccessLogOptions) {
    const folder = join(home, 'access');
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    this.#file = join(folder, 'access.log');
    this.#limits = { fileBytes, files, linesPerSecond };
    this.#size = sizeOf(this.#file);
    this.#writtenUntil = lastTime(this.#file) ?? 0;
    // Whatever a crash cut short ends here, so that it spoils no line after it.
    if (this.#size > 0) this.#gathered.push('');
  }

  take(end: RequestEnd): void {
    if (end.at <= this.#writtenUntil || this.#isTooMuch(end.at)) return;
    const line = lineOf(end);
    this.#gathered.push(JSON.stringify(line));
    for (const reader of this.#readers) reader(line);
    this.#timer ??= setTimeout(() => this.flush(), gatherMs).unref();
  }

  /** Puts on disk what was gathered. */
  flush(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    const text = this.#gathered.map((line) => `${line}\n`).join('');
    this.#gathered = [];
    if (text.trim() === '') return;
    try {
      appendFileSync(this.#file, text, { mode: 0o600 });
      this.#size += Buffer.byteLength(text);
      if (this.#size > this.#limits.fileBytes) this.#rotate();
    } catch {
      // A full disk must not end the daemon for want of lines about requests; they are lost, and metrics go on.
    }
  }

  /** What was written, oldest first, and with `follow` what is written from now on. */
  async *read(query: LogQuery, gone: AbortSignal): AsyncGenerator<AccessLine> {
    this.flush();
    const waiting: AccessLine[] = [];
    let wake: () => void = () => undefined;
    const onLine = (line: AccessLine) => {
      if (!isWanted(line, query)) return;
      waiting.push(line);
      wake();
    };
    if (query.follow === true) this.#readers.add(onLine);
    gone.addEventListener('abort', () => wake(), { once: true });
    try {
      yield* readLines(this.#paths(), query);
      while (query.follow === true && !gone.aborted) {
        yield* waiting.splice(0);
        if (waiting.length > 0 || gone.aborted) continue;
        await new Promise<void>((resolve) => {
          wake = resolve;
        });
      }
    } finally {
      this.#readers.delete(onLine);
    }
  }

  #isTooMuch(at: number): boolean {
    const second = Math.floor(at / 1000);
    if (second !== this.#second) {
      const left = this.#inSecond - this.#limits.linesPerSecond;
      if (left > 0) this.#gathered.push(JSON.stringify({ time: new Date(at).toISOString(), leftOut: left }));
      this.#second = second;
      this.#inSecond = 0;
    }
    this.#inSecond += 1;
    return this.#inSecond > this.#limits.linesPerSecond;
  }

  #rotate(): void {
    const paths = this.#paths();
    for (let age = 1; age < paths.length; age++) {
      const [older = '', newer = ''] = [paths[age - 1], paths[age]];
      if (sizeOf(newer) > 0) renameSync(newer, older);
    }
    this.#size = 0;
  }

  /** Oldest first. */
  #paths(): readonly string[] {
    const ages = Array.from({ length: this.#limits.files }, (_, age) => age);
    return ages.map((age) => (age === 0 ? this.#file : `${this.#file}.${age}`)).toReversed();
  }
}

function sizeOf(path: string): number {
  return statSync(path, { throwIfNoEntry: false })?.size ?? 0;
}

/** When the last whole line was written. */
function lastTime(path: string): number | undefined {
  const size = sizeOf(path);
  if (size === 0) return undefined;
  const length = Math.min(size, 8192);
  const end = Buffer.alloc(length);
  const file = openSync(path, 'r');
  try {
    readSync(file, end, 0, length, size - length);
  } finally {
    closeSync(file);
  }
  const lines = end.toString('utf8').split('\n');
  const last = lines.toReversed().find((text) => parseLine(text)?.time !== undefined);
  return last === undefined ? undefined : Date.parse(parseLine(last)?.time ?? '');
}
