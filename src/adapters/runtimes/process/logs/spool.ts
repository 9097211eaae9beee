import { closeSync, type FSWatcher, fstatSync, openSync, readSync, watch } from 'node:fs';
import type { Clock } from '#world/clock.ts';
import { runCommand } from '../command.ts';
import type { StoredLine, StreamName } from './line.ts';
import type { ServiceLog } from './service-log.ts';
import { splitOutput } from './split.ts';

interface SpoolInput {
  readonly path: string;
  readonly stream: StreamName;
  readonly instance: string;
  readonly release: number;
  readonly log: ServiceLog;
  readonly clock: Clock;
  /** The fallocate program. */
  readonly freeTool: string;
}

const chunkBytes = 256 * 1024;
const burstBytes = 1024 * 1024;
const freeAfterBytes = 1024 * 1024;
const block = 4096;
/** The newest part stays, for those who want an output's last lines from the file. */
const keptBytes = 128 * 1024;
/** Lines that come together are stored together. */
const gatherMs = 20;
const retryMs = 2000;

/**
 * Moves one stream of an instance's output from the file it appends to into the service's log. The instance holds the
 * file open, so it outlives us; the part already moved is given back to the disk without changing the file's length.
 */
export class Spool {
  readonly #input: SpoolInput;
  readonly #file: number;
  readonly #watcher: FSWatcher | undefined;
  #timer: NodeJS.Timeout | undefined;
  #freed = 0;
  #freeing = false;
  #closed = false;

  constructor(input: SpoolInput) {
    this.#input = input;
    this.#file = openSync(input.path, 'a+', 0o600);
    this.#freed = freeableUpTo(this.#moved);
    this.#watcher = this.#watch();
    this.#wake(0);
  }

  /** As much of the file is in the log. */
  get #moved(): number {
    const { log, instance, stream } = this.#input;
    return log.offset(instance, stream);
  }

  /** Moves every line that is complete now; what comes meanwhile can wait. */
  catchUp(): void {
    if (this.#closed) return;
    const { size } = fstatSync(this.#file);
    while (this.#moved < size && this.#move('open') > 0);
  }

  /** Moves the rest, an unfinished last line included: nothing writes any more. */
  finish(): void {
    while (!this.#closed && this.#move('whole') > 0);
  }

  close(): void {
    if (this.#closed) return;
    this.#closed = true;
    clearTimeout(this.#timer);
    this.#watcher?.close();
    closeSync(this.#file);
  }

  /** Without a watcher (the machine has run out of them) it looks once a second. */
  #watch(): FSWatcher | undefined {
    try {
      const watcher = watch(this.#input.path, { persistent: false }, () => this.#wake(gatherMs));
      watcher.on('error', () => undefined);
      return watcher;
    } catch {
      return undefined;
    }
  }

  #wake(ms: number): void {
    if (this.#closed) return;
    this.#timer ??= setTimeout(() => this.#pump(), ms).unref();
  }

  #pump(): void {
    this.#timer = undefined;
    try {
      let moved = 0;
      for (let size = 1; size > 0 && moved < burstBytes; moved += size) size = this.#move('open');
      if (moved >= burstBytes) this.#wake(0);
      else if (this.#watcher === undefined) this.#wake(1000);
    } catch {
      // The disk is full: the output waits where it is.
      this.#wake(retryMs);
    }
  }

  /** Moves one chunk; returns how many bytes. */
  #move(ending: 'open' | 'whole'): number {
    const { log, instance, stream, release, clock } = this.#input;
    const start = this.#moved;
    const buffer = Buffer.alloc(chunkBytes);
    const size = readSync(this.#file, buffer, 0, chunkBytes, start);
    if (size === 0) return 0;
    const time = Math.min(clock.now(), Math.trunc(fstatSync(this.#file).mtimeMs));
    let offset = start;
    const lines = splitOutput(buffer.subarray(0, size), size < chunkBytes ? ending : 'open').map(
      (piece): StoredLine => {
        offset += piece.size;
        return { t: time, i: instance, r: release, s: stream, o: offset, m: piece.text };
      },
    );
    log.append(lines);
    this.#free(offset);
    return offset - start;
  }

  /** Punches a hole where the moved part was. On a file system without holes the file stays as long as it is. */
  #free(offset: number): void {
    const length = freeableUpTo(offset) - this.#freed;
    if (length < freeAfterBytes || this.#freeing) return;
    this.#freeing = true;
    const args = ['--punch-hole', '--offset', String(this.#freed), '--length', String(length), this.#input.path];
    void runCommand(this.#input.freeTool, args, { timeoutMs: 30_000 }).then(({ code }) => {
      this.#freeing = code !== 0;
      this.#freed += length;
      // Meanwhile more was moved, and it may have been the last.
      if (!this.#closed) this.#free(this.#moved);
    });
  }
}

function freeableUpTo(offset: number): number {
  const end = Math.max(0, offset - keptBytes);
  return end - (end % block);
}
