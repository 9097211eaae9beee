import type { Report, Spot } from '../tree/report.ts';
import { SourceText } from '../tree/source.ts';
import { limits } from '../yaml/limits.ts';
import { type ParsedDocument, parseYaml } from '../yaml/parse.ts';
import type { ServiceScope } from './extends.ts';
import type { Readings } from './readings.ts';

/** The options of a load, with their defaults filled in. */
export interface Options {
  readonly interpolate: boolean;
  readonly normalize: boolean;
  readonly resolvePaths: boolean;
  readonly consistency: boolean;
  readonly resolveEnvironment: boolean;
  readonly allResources: boolean;
  readonly skipValidation: boolean;
}

interface Start {
  readonly readings: Readings;
  readonly report: Report;
  readonly options: Options;
  readonly home: string | undefined;
  readonly stdin: string | undefined;
}

/** What all phases of one load share: files parsed once, findings, options. */
export class Load {
  readonly readings: Readings;
  readonly report: Report;
  readonly options: Options;
  /** The user's home folder, for `~`. */
  readonly home: string | undefined;
  /** Names of unset variables already warned of. */
  readonly warned = new Set<string>();
  /** Values of secrets and configs that come from variables. */
  readonly contents = { secrets: new Map<string, string>(), configs: new Map<string, string>() };
  readonly ports = { left: limits.ports };
  /** How many includes may still be followed: files that include others twice each multiply. */
  readonly includes = { left: limits.files };
  readonly #stdin: string | undefined;
  readonly #documents = new Map<string, readonly ParsedDocument[]>();
  readonly #extended = new Map<object, Map<string, ServiceScope | undefined>>();

  constructor(start: Start) {
    this.readings = start.readings;
    this.report = start.report;
    this.options = start.options;
    this.home = start.home;
    this.#stdin = start.stdin;
  }

  /** Every document read so far. */
  get allDocuments(): readonly ParsedDocument[] {
    return [...this.#documents.values()].flat();
  }

  /** The documents of a file; none when it cannot be read, which is reported at `from`. */
  documents(file: string, from?: Spot): readonly ParsedDocument[] {
    const known = this.#documents.get(file);
    if (known !== undefined) return known;
    const source = file === '-' ? new SourceText('-', this.#stdin ?? '') : this.readings.read(file, from);
    const documents = source === undefined ? [] : parseYaml(source, this.report);
    this.#documents.set(file, documents);
    return documents;
  }

  /** The services of an extended file, loaded once for each part that extends it. */
  extendedFile(part: object, file: string, load: () => ServiceScope | undefined): ServiceScope | undefined {
    const files = this.#extended.get(part) ?? new Map<string, ServiceScope | undefined>();
    this.#extended.set(part, files);
    if (!files.has(file)) files.set(file, load());
    return files.get(file);
  }

  /** Is `file` a path that can be read, not a reference to a registry or a repository? Reported at `from`. */
  accepts(file: string, from: Spot): boolean {
    const reference = /(?:^|\/)(oci:\/*|git@|https?:\/*|ssh:\/*|git:\/*)/.exec(file);
    if (reference === null) return true;
    this.report.error('COMPOSE_REMOTE', { reference: file.slice(reference.index).replace(/^\//, '') }, from);
    return false;
  }
}
