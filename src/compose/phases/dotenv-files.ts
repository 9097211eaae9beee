import { TimonelError } from '#core/errors.ts';
import type { Location } from '#core/location.ts';
import type { Report, Spot } from '../tree/report.ts';
import type { SourceText } from '../tree/source.ts';
import { parseDotenv } from '../values/dotenv.ts';
import type { Lookup } from '../values/template.ts';
import type { Readings } from './readings.ts';

type Environment = Readonly<Record<string, string>>;

/**
 * Adds the variables of `.env` files to an environment. What is set already wins; among the files a later one wins.
 *
 * @param from the place that names the files, when a Compose file does
 */
export function readDotenvFiles(
  paths: readonly string[],
  environment: Environment,
  readings: Readings,
  report: Report,
  from?: Spot,
): Environment {
  const added = new Map<string, string>();
  for (const path of paths) {
    const source = readings.read(path, from);
    if (source === undefined) continue;
    const lookup: Lookup = (name) => variableOf(environment, name);
    for (const [name, value] of Object.entries(parseEnvText(source, lookup, report, added))) added.set(name, value);
  }
  return added.size === 0 ? environment : { ...Object.fromEntries(added), ...environment };
}

/** The value of a variable, asked for as an own key only. */
export function variableOf(environment: Environment, name: string): string | undefined {
  return Object.hasOwn(environment, name) ? environment[name] : undefined;
}

/**
 * Parses an env file; a syntax error becomes a finding at its line.
 *
 * @param earlier values of files read before, which count less than those of this one
 */
export function parseEnvText(
  source: SourceText,
  lookup: Lookup,
  report: Report,
  earlier: ReadonlyMap<string, string> = new Map(),
): Environment {
  try {
    return parseDotenv(source.text, lookup, {
      file: source.name,
      earlier,
      onMissing: (name, at) => report.warning('COMPOSE_VARIABLE_UNSET', { name }, spotIn(source, at)),
    });
  } catch (error) {
    if (!(error instanceof TimonelError)) throw error;
    report.said('error', error.said, spotIn(source, error.at));
    return {};
  }
}

/** The spot of a line and column in a source. */
export function spotIn(source: SourceText, at: Location | undefined): Spot {
  if (at === undefined) return { mark: { source, offset: 0 }, path: [] };
  let offset = 0;
  for (let line = 1; line < at.line; line++) offset = source.text.indexOf('\n', offset) + 1;
  return { mark: { source, offset: offset + at.column - 1 }, path: [] };
}
