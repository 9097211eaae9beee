import { checkShape } from '../schema/check.ts';
import { projectShape } from '../schema/project.ts';
import { withoutKey } from '../tree/edit.ts';
import { child, isMapping, isNull, type Mapping, mapping, type Node, type Path } from '../tree/node.ts';
import { type Spot, spot } from '../tree/report.ts';
import type { ParsedDocument } from '../yaml/parse.ts';
import { toCanonical } from './canonical.ts';
import { setDefaults } from './defaults.ts';
import { variableOf } from './dotenv-files.ts';
import { resolveListedVariables, valuesFromVariables } from './environment.ts';
import { applyExtends, folderSeenFrom, type ServiceScope } from './extends.ts';
import { applyIncludes } from './include.ts';
import { interpolate } from './interpolate.ts';
import type { Load } from './load-context.ts';
import { merge } from './merge.ts';
import { resolvePaths } from './paths.ts';
import { dropTagged } from './reset.ts';
import { checkRules } from './rules.ts';
import { makeUnique } from './unique.ts';

/** A project, or an included part of one: files merged in order, with one folder and one environment. */
export interface Part {
  /** Absolute paths, `-` for standard input. */
  readonly files: readonly string[];
  /** Where its relative paths start, absolute. */
  readonly directory: string;
  /** What relative paths are made to start with; undefined leaves them as they are. */
  readonly base: string | undefined;
  readonly environment: Readonly<Record<string, string>>;
  /** Real paths of the files that led here by `include`. */
  readonly included: readonly string[];
  /** The entry that includes it; findings about files that cannot be read stand there. */
  readonly from?: Spot | undefined;
}

/** Reads, merges and completes the files of a part. */
export function assemble(part: Part, load: Load): Mapping {
  let model = emptyModel(load, part);
  for (const file of part.files) {
    for (const document of load.documents(file, part.from)) model = addDocument(model, document, file, part, load);
  }
  return complete(model, part, load);
}

/** One document: filled in, put together with what it includes and extends, merged over the model, checked, long. */
function addDocument(model: Mapping, document: ParsedDocument, file: string, part: Part, load: Load): Mapping {
  const { report, options } = load;
  const raw = mappingOf(document, file, load);
  if (raw === undefined) return model;
  const filled = fillIn(raw, part, load);
  const whole = applyIncludes(filled, { part, file, dropped: document.dropped, load, assemble });
  const kept = dropTagged(model, document.dropped);
  const extended = applyExtends(whole, { file, dropped: document.dropped }, extendingFrom(part, load));
  const merged = makeUnique(merge(kept, extended, report), report);
  if (!options.skipValidation) checkShape(merged, projectShape, report, []);
  const current = withoutVersion(merged, report, options.skipValidation);
  const long = makeUnique(toCanonical(current, { report, lenient: !options.interpolate, ports: load.ports }), report);
  return long as Mapping;
}

function complete(model: Mapping, part: Part, load: Load): Mapping {
  const withDefaults = setDefaults(model) as Mapping;
  if (!load.options.skipValidation) checkRules(withDefaults, load.report);
  const resolved = part.base === undefined ? withDefaults : resolvePaths(withDefaults, baseOf(part.base, load));
  for (const kind of ['secrets', 'configs'] as const) {
    for (const [name, value] of valuesFromVariables(resolved as Mapping, kind, part.environment)) {
      load.contents[kind].set(name, value);
    }
  }
  return resolveListedVariables(resolved as Mapping, part.environment);
}

function mappingOf(document: ParsedDocument, file: string, load: Load): Mapping | undefined {
  const { root } = document;
  if (root === undefined || isNull(root)) return undefined;
  if (isMapping(root)) return root;
  load.report.error('COMPOSE_ROOT', { file: load.readings.nameOf(file) }, spot(root, []));
  return undefined;
}

function fillIn(raw: Mapping, part: Part, load: Load): Mapping {
  if (!load.options.interpolate) return raw;
  const lookup = (name: string): string | undefined => variableOf(part.environment, name);
  return interpolate(raw, { lookup, report: load.report, warned: load.warned }) as Mapping;
}

function withoutVersion(model: Node, report: Load['report'], skipValidation: boolean): Mapping {
  const root = model as Mapping;
  const version = root.entries.get('version');
  if (version === undefined || skipValidation) return root;
  report.warning('COMPOSE_VERSION_OBSOLETE', {}, { mark: version.key, path: ['version'] });
  return withoutKey(root, 'version');
}

function extendingFrom(part: Part, load: Load): Parameters<typeof applyExtends>[2] {
  return {
    report: load.report,
    directory: part.directory,
    nameOf: (file) => load.readings.nameOf(file),
    loadBase: (file, from) => loadBase(file, from, part, load),
  };
}

/** The services of a file that is only extended: no includes, no checks, paths relative to the part. */
function loadBase(file: string, from: { node: Node; path: Path }, part: Part, load: Load): ServiceScope | undefined {
  return load.extendedFile(part, file, () => {
    if (!load.accepts(file, spot(from.node, from.path))) return undefined;
    const errorsBefore = load.report.errorCount;
    let model = emptyModel(load, part);
    let dropped: readonly Path[] = [];
    for (const document of load.documents(file, spot(from.node, from.path))) {
      const raw = mappingOf(document, file, load);
      if (raw === undefined) continue;
      dropped = document.dropped;
      const merged = makeUnique(merge(dropTagged(model, dropped), fillIn(raw, part, load), load.report), load.report);
      const long = toCanonical(merged, { report: load.report, lenient: !load.options.interpolate, ports: load.ports });
      model = makeUnique(long, load.report) as Mapping;
    }
    const services = child(resolvePaths(model, baseOf(folderSeenFrom(part.directory, file), load)), 'services');
    if (services?.kind === 'mapping') return { file, services, dropped };
    // A file that could not be read has been reported already.
    if (load.report.errorCount !== errorsBefore) return undefined;
    load.report.error('COMPOSE_EXTENDS_NO_SERVICES', { file: load.readings.nameOf(file) }, spot(from.node, from.path));
    return undefined;
  });
}

function baseOf(directory: string, load: Load): Parameters<typeof resolvePaths>[1] {
  return { directory, home: load.home, readings: load.readings, report: load.report };
}

function emptyModel(load: Load, part: Part): Mapping {
  return mapping([], load.readings.placeOf(part.files[0] ?? '-').mark);
}
