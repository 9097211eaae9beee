import { TimonelError } from '#core/errors.ts';
import type { Project, Service } from '#model/project.ts';
import type { Path } from '../tree/node.ts';
import type { Report, Spot } from '../tree/report.ts';
import { parseRawEnvFile } from '../values/raw-env-file.ts';
import type { Lookup } from '../values/template.ts';
import { parseEnvText, spotIn, variableOf } from './dotenv-files.ts';
import type { Readings } from './readings.ts';

type Environment = Readonly<Record<string, string>>;

/** What reading the files that services name needs. */
export interface ServiceFiles {
  readonly readings: Readings;
  readonly report: Report;
  readonly environment: Environment;
  readonly spotOf: (path: Path) => Spot;
}

interface EnvFile {
  /** Missing when it was empty, or where the schema has refused the entry already. */
  readonly path?: string;
  readonly required?: boolean;
  readonly format?: string;
}

/** Folds `env_file` into `environment` and `label_file` into `labels`; what stands in the Compose file wins. */
export function foldInFiles(project: Project, files: ServiceFiles, envFiles: 'folded' | 'kept'): Project {
  const services = Object.entries(project.services).map(([name, service]) => {
    const withEnvironment = envFiles === 'folded' ? foldEnvironment(name, service, files) : service;
    return [name, foldLabels(name, withEnvironment, files)] as const;
  });
  return { ...project, services: Object.fromEntries(services) };
}

function foldEnvironment(name: string, service: Service, files: ServiceFiles): Service {
  const { env_file: listed, environment: written, ...rest } = service;
  if (listed === undefined && written === undefined) return service;
  const own = Object.entries(written ?? {}).map(
    ([key, value]) => [key, value ?? variableOf(files.environment, key) ?? null] as const,
  );
  const environment = Object.fromEntries(own);
  const read = new Map<string, string>();
  const lookup: Lookup = (key) => variableOf(files.environment, key) ?? ownValue(environment, key);
  ((listed ?? []) as readonly EnvFile[]).forEach((file, index) => {
    const from = files.spotOf(['services', name, 'env_file', index]);
    const values = readEnvFile(file, { lookup, earlier: read }, files, from);
    for (const [key, value] of Object.entries(values)) read.set(key, value);
  });
  const all = { ...Object.fromEntries(read), ...environment };
  return Object.keys(all).length === 0 ? rest : { ...rest, environment: all };
}

function ownValue(environment: Readonly<Record<string, string | null>>, key: string): string | undefined {
  return Object.hasOwn(environment, key) ? (environment[key] ?? undefined) : undefined;
}

interface Known {
  readonly lookup: Lookup;
  readonly earlier: ReadonlyMap<string, string>;
}

function readEnvFile(file: EnvFile, { lookup, earlier }: Known, files: ServiceFiles, from: Spot): Environment {
  const { readings, report } = files;
  if (file.path === undefined) {
    const optional = file.required === false || report.isRefused(from.path);
    if (!optional) report.error('COMPOSE_EMPTY_VALUE', { path: [...from.path, 'path'].join('.') }, from);
    return {};
  }
  const path = readings.absolute(file.path);
  if (file.required === false && readings.files.kind(path) === undefined) return {};
  const source = readings.read(path, from);
  if (source === undefined) return {};
  if (file.format === undefined || file.format === '') return parseEnvText(source, lookup, report, earlier);
  if (file.format !== 'raw') {
    report.error('COMPOSE_ENV_FORMAT', { format: file.format, file: readings.nameOf(file.path) }, from);
    return {};
  }
  try {
    return parseRawEnvFile(source.text, lookup, source.name);
  } catch (error) {
    if (!(error instanceof TimonelError)) throw error;
    report.said('error', error.said, spotIn(source, error.at));
    return {};
  }
}

function foldLabels(name: string, service: Service, files: ServiceFiles): Service {
  const { label_file: listed, ...rest } = service;
  if (listed === undefined) return service;
  const labels = new Map<string, string>();
  (listed as readonly string[]).forEach((file, index) => {
    const source = files.readings.read(
      files.readings.absolute(file),
      files.spotOf(['services', name, 'label_file', index]),
    );
    if (source === undefined) return;
    const values = parseEnvText(source, (key) => labels.get(key), files.report);
    for (const [key, value] of Object.entries(values)) labels.set(key, value);
  });
  const all = { ...Object.fromEntries(labels), ...service.labels };
  return Object.keys(all).length === 0 ? rest : { ...rest, labels: all };
}
