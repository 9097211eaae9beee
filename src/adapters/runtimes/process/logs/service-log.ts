import {
  closeSync,
  existsSync,
  fstatSync,
  ftruncateSync,
  mkdirSync,
  openSync,
  readdirSync,
  rmSync,
  statSync,
  writeSync,
} from 'node:fs';
import { join } from 'node:path';
import { readJson, writeAtomic } from '../atomic-file.ts';
import type { StoredLine, StreamName } from './line.ts';
import type { LogOptions } from './options.ts';
import { readForward } from './read.ts';

/** A place in a service's log: the file's number and the byte in it. */
export interface Cursor {
  readonly generation: number;
  readonly position: number;
}

type Offsets = Readonly<Record<string, Partial<Record<StreamName, number>>>>;

const checkpointDelayMs = 1000;

/**
 * The log of one service over all its releases: numbered files, the oldest deleted when a new one begins. It also
 * knows how far each instance's output has been stored, from the lines themselves; a checkpoint saves reading them all.
 */
export class ServiceLog {
  readonly folder: string;
  #options: LogOptions;
  #offsets = new Map<string, Partial<Record<StreamName, number>>>();
  #generation = 1;
  #position = 0;
  #file: number;
  #timer: NodeJS.Timeout | undefined;
  readonly #onAppend: () => void;

  /** `onAppend` is called after each append. */
  constructor(folder: string, options: LogOptions, onAppend: () => void = () => undefined) {
    this.folder = folder;
    this.#options = options;
    this.#onAppend = onAppend;
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    this.#recover();
    this.#file = this.#open();
  }

  set options(options: LogOptions) {
    this.#options = options;
  }

  get end(): Cursor {
    return { generation: this.#generation, position: this.#position };
  }

  /** How much of a stream is stored. */
  offset(instance: string, stream: StreamName): number {
    return this.#offsets.get(instance)?.[stream] ?? 0;
  }

  /** The instance's output starts anew. */
  forget(instance: string): void {
    if (!this.#offsets.delete(instance)) return;
    this.checkpoint();
  }

  /** Stores lines; all or, when the disk is full, none. */
  append(lines: readonly StoredLine[]): void {
    if (lines.length === 0) return;
    const bytes = Buffer.from(lines.map((line) => `${JSON.stringify(line)}\n`).join(''));
    if (this.#position > 0 && this.#position + bytes.length > this.#options.maxBytes) this.#rotate();
    this.#write(bytes);
    for (const { i, s, o } of lines) this.#offsets.set(i, { ...this.#offsets.get(i), [s]: o });
    this.#timer ??= setTimeout(() => this.checkpoint(), checkpointDelayMs).unref();
    this.#onAppend();
  }

  /** Writes down how far everything is stored. A failure only costs reading time at the next start. */
  checkpoint(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    const content = JSON.stringify({ ...this.end, offsets: Object.fromEntries(this.#offsets) });
    try {
      writeAtomic(join(this.folder, 'checkpoint.json'), content);
    } catch {
      // The lines themselves tell the same.
    }
  }

  close(): void {
    this.checkpoint();
    closeSync(this.#file);
  }

  #write(bytes: Buffer): void {
    try {
      for (let done = 0; done < bytes.length; )
        done += writeSync(this.#file, bytes, done, undefined, this.#position + done);
    } catch (error) {
      ftruncateSync(this.#file, this.#position);
      throw error;
    }
    this.#position += bytes.length;
  }

  #rotate(): void {
    closeSync(this.#file);
    this.#generation += 1;
    this.#position = 0;
    this.#file = this.#open();
    this.checkpoint();
    for (const generation of generationsIn(this.folder)) {
      if (generation <= this.#generation - this.#options.maxFiles) rmSync(logFile(this.folder, generation));
    }
  }

  #open(): number {
    const path = logFile(this.folder, this.#generation);
    return openSync(path, existsSync(path) ? 'r+' : 'w+', 0o600);
  }

  /** From the checkpoint on, the lines say how far each stream is stored; a torn last line is cut off. */
  #recover(): void {
    const generations = generationsIn(this.folder);
    const saved = savedState(this.folder, generations);
    this.#offsets = new Map(Object.entries(saved.offsets));
    this.#generation = generations.at(-1) ?? saved.from.generation;
    let end: Cursor = saved.from;
    for (const { line, next } of readForward(this.folder, saved.from)) {
      end = next;
      if (line !== undefined) this.#offsets.set(line.i, { ...this.#offsets.get(line.i), [line.s]: line.o });
    }
    this.#position = end.generation === this.#generation ? end.position : 0;
    const path = logFile(this.folder, this.#generation);
    if (!existsSync(path)) return;
    const file = openSync(path, 'r+');
    if (fstatSync(file).size > this.#position) ftruncateSync(file, this.#position);
    closeSync(file);
  }
}

function savedState(
  folder: string,
  generations: readonly number[],
): { readonly from: Cursor; readonly offsets: Offsets } {
  const { generation, position, offsets } = readJson(join(folder, 'checkpoint.json')) ?? {};
  const usable =
    typeof generation === 'number' &&
    typeof position === 'number' &&
    generations.includes(generation) &&
    statSync(logFile(folder, generation)).size >= position;
  if (usable) return { from: { generation, position }, offsets: (offsets ?? {}) as Offsets };
  return { from: { generation: generations[0] ?? 1, position: 0 }, offsets: {} };
}

export function logFile(folder: string, generation: number): string {
  return join(folder, `${generation}.jsonl`);
}

/** Numbers of the files that exist, oldest first. */
export function generationsIn(folder: string): number[] {
  if (!existsSync(folder)) return [];
  return readdirSync(folder)
    .flatMap((name) => /^(\d+)\.jsonl$/.exec(name)?.[1] ?? [])
    .map(Number)
    .toSorted((a, b) => a - b);
}
