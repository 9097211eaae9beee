import { basename } from 'node:path';
import type { LoadRequest } from '../contract.ts';
import { child, textOf } from '../tree/node.ts';
import type { Spot } from '../tree/report.ts';
import type { Discovery } from './discover.ts';
import { variableOf } from './dotenv-files.ts';
import { interpolateText } from './interpolate.ts';
import type { Load } from './load-context.ts';

/**
 * The project's name: the request's, COMPOSE_PROJECT_NAME, the last `name:` of the files, the folder's. The first two
 * must be well formed; the others are made so.
 *
 * @returns an empty text when there is none; the finding says why
 */
export function projectName(request: LoadRequest, discovery: Discovery, load: Load): string {
  const start = load.readings.placeOf(discovery.composeFiles[0] ?? discovery.directory);
  const demanded = request.projectName || variableOf(discovery.environment, 'COMPOSE_PROJECT_NAME');
  if (demanded) return demandedName(demanded, start, load);
  const written = writtenName(discovery, load);
  const chosen = written ?? basename(discovery.directory);
  const name = load.options.normalize || written === undefined ? normalName(chosen) : chosen;
  if (name === '' && !load.options.skipValidation) load.report.error('COMPOSE_NAME_EMPTY', { from: chosen }, start);
  return name;
}

/** Small letters, digits, `_` and `-` only, beginning with a letter or digit. */
export function normalName(name: string): string {
  return name
    .toLowerCase()
    .replace(/[^a-z0-9_-]/g, '')
    .replace(/^[_-]+/, '');
}

function demandedName(name: string, start: Spot, load: Load): string {
  if (normalName(name) === name) return name;
  load.report.error('COMPOSE_NAME_INVALID', { name, normal: normalName(name) }, start);
  return normalName(name);
}

/** The last `name:` of all files and documents, variables filled in. */
function writtenName(discovery: Discovery, load: Load): string | undefined {
  const lookup = (name: string): string | undefined => variableOf(discovery.environment, name);
  for (const file of discovery.composeFiles.toReversed()) {
    for (const { root } of load.documents(file).toReversed()) {
      const node = child(root, 'name');
      if (node?.kind !== 'scalar' || !textOf(node)) continue;
      if (!load.options.interpolate) return textOf(node);
      return interpolateText(node, { lookup, report: load.report, warned: load.warned }, ['name']);
    }
  }
  return undefined;
}
