import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';

/** The recorded behaviour of the reference loader; it lives beside the project and is never copied into it. */
export const folder = resolve(import.meta.dirname, '../../../shared/conformance');

/** Is the recorded data here? Where it is not, TIMONEL_CONFORMANCE=off says that this is meant. */
export const isPresent = existsSync(join(folder, 'README.md'));

export interface LoadArguments {
  readonly files?: readonly string[];
  readonly project_directory?: string;
  readonly project_name?: string;
  readonly profiles?: readonly string[];
  readonly env_files?: readonly string[];
  readonly services?: readonly string[];
  readonly cwd?: string;
  readonly no_interpolate?: boolean;
  readonly no_normalize?: boolean;
  readonly no_path_resolution?: boolean;
  readonly no_consistency?: boolean;
  readonly no_env_resolution?: boolean;
  readonly all_resources?: boolean;
  readonly skip_validation?: boolean;
}

export interface Case {
  readonly name: string;
  readonly env: Readonly<Record<string, string | null>>;
  readonly error?: string;
  readonly error_mentions?: readonly string[];
  readonly expect?: unknown;
}

export interface LoadCase extends Case {
  readonly files: Readonly<Record<string, string>>;
  readonly dirs?: readonly string[];
  readonly links?: Readonly<Record<string, string>>;
  readonly args: LoadArguments;
  readonly project?: string;
  readonly expect_disabled_services?: readonly string[];
}

/** One recorded file, as the cases of its kind. */
export function readCases<C extends Case>(file: string): readonly C[] {
  return JSON.parse(readFileSync(join(folder, file), 'utf8')) as readonly C[];
}

export interface CorpusCase extends Case {
  /** Absolute folder of the Compose file and what it needs. */
  readonly folder: string;
  readonly args: LoadArguments;
  /** What the reference gives when consistency is not checked, for files that it refuses otherwise. */
  readonly relaxed?: { readonly args: LoadArguments; readonly expect: unknown };
}

/** The real files of public projects. */
export function readCorpus(): readonly CorpusCase[] {
  const corpus = join(folder, 'corpus');
  return readdirSync(corpus, { recursive: true, encoding: 'utf8' })
    .filter((path) => path.endsWith('/expected.json'))
    .toSorted()
    .map((path) => {
      const recorded = JSON.parse(readFileSync(join(corpus, path), 'utf8')) as Omit<CorpusCase, 'name' | 'folder'>;
      return { ...recorded, name: dirname(path), folder: join(corpus, dirname(path)) };
    });
}
