import { dirname, join } from 'node:path';
import type { LoadRequest } from '../contract.ts';
import type { Report } from '../tree/report.ts';
import { readDotenvFiles } from './dotenv-files.ts';
import type { Readings } from './readings.ts';

/** What a load starts from. */
export interface Discovery {
  /** Compose files in order, absolute; `-` is standard input. */
  readonly composeFiles: readonly string[];
  /** The base of relative paths, absolute. */
  readonly directory: string;
  readonly environment: Readonly<Record<string, string>>;
  readonly profiles: readonly string[];
}

const defaultNames = ['compose.yaml', 'compose.yml', 'docker-compose.yml', 'docker-compose.yaml'];
const overrideNames = [
  'compose.override.yml',
  'compose.override.yaml',
  'docker-compose.override.yml',
  'docker-compose.override.yaml',
];

/**
 * Finds the Compose files, the project directory and the environment, in Compose's order: `.env` is read once where the
 * directory is guessed, because it may name the files, and again when the files have settled the directory.
 */
export function discover(request: LoadRequest, readings: Readings, report: Report): Discovery {
  const { env } = request;
  const given = (request.files ?? []).map((file) => (file === '-' ? file : readings.absolute(file)));
  const envFiles = envFilesOf(request, readings);
  let environment = readDotenvFiles(
    envFiles ?? defaultEnvFile(request, given, readings),
    withPwd(request),
    readings,
    report,
  );
  const composeFiles = given.length > 0 ? given : filesOf(environment, request, readings, report);
  environment = readDotenvFiles(
    envFiles ?? defaultEnvFile(request, composeFiles, readings),
    environment,
    readings,
    report,
  );
  const wanted = request.profiles ?? [];
  return {
    composeFiles,
    directory: directoryOf(request, composeFiles, readings),
    environment,
    profiles: wanted.length > 0 ? wanted : commaList(environment.COMPOSE_PROFILES ?? env.COMPOSE_PROFILES),
  };
}

/** The folder that relative paths start from. */
function directoryOf(request: LoadRequest, composeFiles: readonly string[], readings: Readings): string {
  if (request.projectDirectory) return readings.absolute(request.projectDirectory);
  const first = composeFiles.find((file) => file !== '-');
  return first === undefined ? request.cwd : dirname(first);
}

/** `--env-file` or COMPOSE_ENV_FILES; undefined when the default applies. */
function envFilesOf(request: LoadRequest, readings: Readings): readonly string[] | undefined {
  const given = request.envFiles ?? [];
  const named = given.length > 0 ? given : commaList(request.env.COMPOSE_ENV_FILES);
  return named.length > 0 ? named.map((file) => readings.absolute(file)) : undefined;
}

/** `.env` of the project directory as far as it is known, unless COMPOSE_DISABLE_ENV_FILE says no. */
function defaultEnvFile(request: LoadRequest, composeFiles: readonly string[], readings: Readings): readonly string[] {
  if (/^(?:1|t|true)$/i.test(request.env.COMPOSE_DISABLE_ENV_FILE ?? '')) return [];
  const file = join(directoryOf(request, composeFiles, readings), '.env');
  const kind = readings.files.kind(file);
  return kind === undefined || kind === 'directory' ? [] : [file];
}

/** Files that COMPOSE_FILE names, or else those with a default name here or in a folder above. */
function filesOf(
  environment: Readonly<Record<string, string>>,
  request: LoadRequest,
  readings: Readings,
  report: Report,
): readonly string[] {
  const named = environment.COMPOSE_FILE;
  if (named === undefined) return searchUpwards(directoryOf(request, [], readings), readings, report);
  const separator = environment.COMPOSE_PATH_SEPARATOR || ':';
  return named.split(separator).map((file) => (file === '-' ? file : readings.absolute(file)));
}

function searchUpwards(start: string, readings: Readings, report: Report): readonly string[] {
  for (let folder = start; ; folder = dirname(folder)) {
    const base = firstOf(defaultNames, folder, readings, report);
    if (base !== undefined) {
      const override = firstOf(overrideNames, folder, readings, report);
      return override === undefined ? [base] : [base, override];
    }
    if (dirname(folder) === folder) return [];
  }
}

function firstOf(names: readonly string[], folder: string, readings: Readings, report: Report): string | undefined {
  const there = names.map((name) => join(folder, name)).filter((file) => readings.files.kind(file) !== undefined);
  const [first, ...others] = there;
  if (first !== undefined && others.length > 0) {
    const facts = { used: readings.nameOf(first), others: others.map((file) => readings.nameOf(file)) };
    report.warning('COMPOSE_SEVERAL_FILES', facts, readings.placeOf(first));
  }
  return first;
}

function withPwd(request: LoadRequest): Readonly<Record<string, string>> {
  return request.env.PWD === undefined ? { ...request.env, PWD: request.cwd } : request.env;
}

function commaList(written: string | undefined): string[] {
  return (written ?? '')
    .split(',')
    .map((part) => part.trim())
    .filter((part) => part !== '');
}
