import { dirname, isAbsolute, join } from 'node:path';
import { foundWord } from '../schema/check.ts';
import { include } from '../schema/project.ts';
import { withKey, withoutKey } from '../tree/edit.ts';
import { child, type Entry, isNull, type Mapping, mapping, type Node, type Path, textOf } from '../tree/node.ts';
import { type Spot, spot } from '../tree/report.ts';
import { limits } from '../yaml/limits.ts';
import type { Part } from './assemble.ts';
import { readDotenvFiles } from './dotenv-files.ts';
import { checkEntry } from './entry-shape.ts';
import { relativeFolder } from './extends.ts';
import type { Load } from './load-context.ts';
import { merge } from './merge.ts';
import { dropTagged } from './reset.ts';

export interface Including {
  readonly part: Part;
  /** The file that includes, absolute. */
  readonly file: string;
  /** What its document tagged `!reset` or `!override`. */
  readonly dropped: readonly Path[];
  readonly load: Load;
  readonly assemble: (part: Part, load: Load) => Mapping;
}

const kinds = ['services', 'volumes', 'networks', 'secrets', 'configs', 'models'] as const;

/**
 * Loads what a document includes and puts its resources beside the document's own. On the same name the including file,
 * or else the earlier include, is the override.
 */
export function applyIncludes(root: Mapping, including: Including): Mapping {
  const includes = child(root, 'include');
  if (includes === undefined) return root;
  let model = withoutKey(root, 'include');
  if (includes.kind !== 'list') {
    const facts = { path: 'include', demanded: ['list' as const], found: foundWord(includes) };
    if (!isNull(includes)) including.load.report.error('COMPOSE_WRONG_TYPE', facts, spot(includes, ['include']));
    return model;
  }
  includes.items.forEach((item, index) => {
    const part = partOf(item, ['include', index], including);
    if (part !== undefined) model = importInto(model, including.assemble(part, including.load), including);
  });
  return model;
}

function partOf(item: Node, path: Path, including: Including): Part | undefined {
  const { part, load } = including;
  const at = spot(item, path);
  checkEntry(item, include, load.report, path);
  const written = textsOf(textOf(item) === undefined ? child(item, 'path') : item);
  const [first] = written;
  if (first === undefined) {
    if (!load.report.isRefused(path) && !load.report.isRefused([...path, 'path']))
      load.report.warning('COMPOSE_INCLUDE_PATH', { path: path.join('.') }, at);
    return undefined;
  }
  const files = written.map((file) => fromFolder(part.directory, file));
  if (files.some((file) => !load.accepts(file, at))) return undefined;
  const given = textOf(child(item, 'project_directory'));
  const main = files[0] ?? first;
  const directory = given === undefined || given === '' ? dirname(main) : fromFolder(part.directory, given);
  const included = [...part.included, realPathOf(including.file, load)];
  if (leadsTooFar(included, realPathOf(main, load), at, load)) return undefined;
  return {
    files,
    directory,
    base: relativeFolder(part.directory, directory),
    environment: environmentOf(item, directory, at, including),
    included,
    from: at,
  };
}

/** Is this include one too many? The finding says why. */
function leadsTooFar(included: readonly string[], main: string, at: Spot, load: Load): boolean {
  if (included.includes(main)) {
    const files = [...included.slice(included.indexOf(main)), main].map((file) => load.readings.nameOf(file));
    load.report.error('COMPOSE_INCLUDE_CYCLE', { files }, at);
    return true;
  }
  if (included.length > limits.includes) {
    load.report.error('COMPOSE_INCLUDE_TOO_DEEP', { limit: limits.includes }, at);
    return true;
  }
  load.includes.left--;
  if (load.includes.left === -1) load.report.error('COMPOSE_TOO_MANY_FILES', { limit: limits.files }, at);
  return load.includes.left < 0;
}

/** The environment of an included part: the includer's, then `env_file` or the `.env` of its folder. */
function environmentOf(item: Node, directory: string, at: Spot, including: Including): Part['environment'] {
  const { part, load } = including;
  const given = textsOf(child(item, 'env_file'));
  const byDefault = join(directory, '.env');
  const files =
    given.length > 0
      ? given.filter((file) => file !== '/dev/null').map((file) => fromFolder(part.directory, file))
      : [byDefault].filter((file) => !['directory', undefined].includes(load.readings.files.kind(file)));
  return readDotenvFiles(files, part.environment, load.readings, load.report, at);
}

function importInto(model: Mapping, imported: Mapping, including: Including): Mapping {
  let result = model;
  for (const kind of kinds) {
    const from = child(imported, kind);
    if (from?.kind !== 'mapping') continue;
    const own = child(result, kind);
    // Of a wrong kind: the check of the whole model will say so.
    if (own !== undefined && own.kind !== 'mapping' && !isNull(own)) continue;
    const to = own?.kind === 'mapping' ? own : mapping([], from.mark);
    result = withKey(result, kind, importKind(from, to, kind, including), result.entries.get(kind)?.key ?? from.mark);
  }
  return result;
}

function importKind(from: Mapping, to: Mapping, kind: string, including: Including): Mapping {
  const entries = new Map<string, Entry>(to.entries);
  for (const [name, entry] of from.entries) {
    const own = to.entries.get(name);
    if (own === undefined) entries.set(name, entry);
    else {
      const kept = dropTagged(entry.value, including.dropped, [kind, name]);
      entries.set(name, { key: own.key, value: merge(kept, own.value, including.load.report, [kind, name]) });
    }
  }
  return { ...to, entries };
}

function fromFolder(folder: string, path: string): string {
  return isAbsolute(path) ? path : join(folder, path);
}

function realPathOf(file: string, load: Load): string {
  return load.readings.files.realPath(file) ?? file;
}

function textsOf(node: Node | undefined): string[] {
  const one = textOf(node);
  if (one !== undefined) return [one];
  return node?.kind === 'list' ? node.items.flatMap((item) => textOf(item) ?? []) : [];
}
