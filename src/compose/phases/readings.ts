import { isAbsolute, relative, resolve } from 'node:path';
import { reasonOf } from '#core/errors.ts';
import type { ProjectFiles } from '#world/project-files.ts';
import type { Report, Spot } from '../tree/report.ts';
import { SourceText } from '../tree/source.ts';
import { limits } from '../yaml/limits.ts';

/** Reads the files of one load: each once, none too large, not too many, all remembered. */
export class Readings {
  readonly files: ProjectFiles;
  #directory: string | undefined;
  readonly #cwd: string;
  readonly #report: Report;
  readonly #read = new Map<string, SourceText | undefined>();

  constructor(files: ProjectFiles, cwd: string, report: Report) {
    this.files = files;
    this.#cwd = cwd;
    this.#report = report;
  }

  /** Paths of all files read so far, in order. */
  get paths(): readonly string[] {
    return [...this.#read].filter(([, source]) => source !== undefined).map(([path]) => path);
  }

  /**
   * The text at absolute `path`, without byte order mark. Undefined when it cannot be had; the finding says why and
   * stands at `from`, the place that names the file, or else at the file itself.
   */
  read(path: string, from?: Spot): SourceText | undefined {
    if (this.#read.has(path)) return this.#read.get(path);
    const source = this.#load(path, from ?? this.placeOf(path));
    this.#read.set(path, source);
    return source;
  }

  /** How a path is shown: relative to where the user stands when it lies below, absolute otherwise. */
  nameOf(path: string): string {
    const short = relative(this.#cwd, path);
    return short === '' || short.startsWith('..') || isAbsolute(short) ? path : short;
  }

  /** The start of a file, as the spot of findings about the file as a whole. */
  placeOf(path: string): Spot {
    return { mark: { source: new SourceText(this.nameOf(path), ''), offset: 0 }, path: [] };
  }

  /** Says which folder is the project's: links that lead out of it are warned of, those read before as well. */
  enter(directory: string): void {
    this.#directory = directory;
    for (const [path, source] of this.#read) {
      if (source !== undefined) this.#warnOfLink(path, source.name, this.placeOf(path));
    }
  }

  absolute(path: string): string {
    return resolve(this.#cwd, path);
  }

  #load(path: string, spot: Spot): SourceText | undefined {
    const file = this.nameOf(path);
    const kind = this.files.kind(path);
    if (kind === undefined) this.#report.error('COMPOSE_FILE_MISSING', { file }, spot);
    else if (kind === 'directory') this.#report.error('COMPOSE_FILE_IS_DIRECTORY', { file }, spot);
    else if ((this.files.size(path) ?? 0) > limits.fileBytes) {
      this.#report.error('COMPOSE_FILE_TOO_LARGE', { file, limit: limits.fileBytes / 1024 / 1024 }, spot);
    } else if (this.#read.size >= limits.files) {
      this.#report.error('COMPOSE_TOO_MANY_FILES', { limit: limits.files }, spot);
    } else return this.#text(path, file, spot);
    return undefined;
  }

  #text(path: string, file: string, spot: Spot): SourceText | undefined {
    this.#warnOfLink(path, file, spot);
    try {
      const text = this.files.readText(path);
      return text === undefined ? undefined : new SourceText(file, text.startsWith('\uFEFF') ? text.slice(1) : text);
    } catch (error) {
      this.#report.error('COMPOSE_FILE_UNREADABLE', { file, reason: reasonOf(error) }, spot);
      return undefined;
    }
  }

  #warnOfLink(path: string, file: string, spot: Spot): void {
    if (this.#directory === undefined || !isInside(path, this.#directory)) return;
    const target = this.files.realPath(path) ?? path;
    if (isInside(target, this.files.realPath(this.#directory) ?? this.#directory)) return;
    this.#report.warning('COMPOSE_LINK_LEAVES_PROJECT', { file, target }, spot);
  }
}

function isInside(path: string, directory: string): boolean {
  const inner = relative(directory, path);
  return !inner.startsWith('..') && !isAbsolute(inner);
}
