import { isAbsolute } from 'node:path';
import { withKey } from '../tree/edit.ts';
import { child, type Node, type Path, text, textOf } from '../tree/node.ts';
import { PathTable } from '../tree/path-table.ts';
import { type Report, spot } from '../tree/report.ts';
import { type Rewrite, rewrite } from '../tree/rewrite.ts';
import { joinClean } from './join-clean.ts';
import type { Readings } from './readings.ts';

/** Where relative paths of one file start. */
export interface Base {
  /** Absolute for a whole project; relative to the project while a part of it is being put together. */
  readonly directory: string;
  /** The user's home, for `~`. */
  readonly home: string | undefined;
  readonly readings: Readings;
  readonly report: Report;
}

const relativePaths = PathTable.of<Rewrite<Base>>({
  'services.*.build.context': eachText(buildContext),
  'services.*.build.additional_contexts.*': eachText(buildContext),
  'services.*.build.ssh.*': eachText(anyPath),
  'services.*.env_file.*.path': eachText(localPath),
  'services.*.label_file.*': eachText(localPath),
  'services.*.extends.file': eachText(localPath),
  'services.*.develop.watch.*.path': eachText(watchedPath),
  'services.*.volumes.*': mount,
  'configs.*.file': eachText(anyPath),
  'secrets.*.file': eachText(anyPath),
  'volumes.*': volume,
});

/** Makes the relative paths of a canonical model start at `base` (Compose Specification, chapter of each attribute). */
export function resolvePaths(root: Node, base: Base): Node {
  return rewrite(root, relativePaths, base);
}

type ResolveText = (written: string, base: Base, node: Node, path: Path) => string;

function eachText(resolve: ResolveText): Rewrite<Base> {
  return (node, path, base) => {
    const written = textOf(node);
    if (written === undefined) return node;
    const resolved = resolve(written, base, node, path);
    return resolved === written ? node : text(resolved, node.mark);
  };
}

function localPath(written: string, base: Base, node: Node, path: Path): string {
  const expanded = withHome(written, base, node, path);
  return isAbsolute(expanded) || expanded === '' ? expanded : joinClean(base.directory, expanded);
}

/** As a local path, but Windows paths are left for the machine that they belong to. */
function anyPath(written: string, base: Base, node: Node, path: Path): string {
  const expanded = withHome(written, base, node, path);
  return isAbsolute(expanded) || isWindowsAbsolute(expanded) ? expanded : joinClean(base.directory, expanded);
}

function buildContext(written: string, base: Base, node: Node, path: Path): string {
  const isElsewhere =
    written.includes('://') || /^(?:service:|https?:\/\/|git:\/\/|ssh:\/\/|github\.com\/|git@)/.test(written);
  return isElsewhere ? written : localPath(written, base, node, path);
}

/** Watchers see real paths, so the first link on the way is followed. */
function watchedPath(written: string, base: Base, node: Node, path: Path): string {
  const resolved = localPath(written, base, node, path);
  return isAbsolute(resolved) ? (base.readings.files.realPath(resolved) ?? resolved) : resolved;
}

function mount(node: Node, path: Path, base: Base): Node {
  if (node.kind !== 'mapping' || textOf(child(node, 'type')) !== 'bind') return node;
  return withResolved(node, 'source', base, [...path, 'source']);
}

/** A local volume of options `o: bind` is a bind mount in disguise. */
function volume(node: Node, path: Path, base: Base): Node {
  const options = child(node, 'driver_opts');
  if (node.kind !== 'mapping' || textOf(child(node, 'driver')) !== 'local' || options?.kind !== 'mapping') return node;
  if (textOf(child(options, 'o')) !== 'bind') return node;
  const resolved = withResolved(options, 'device', base, [...path, 'driver_opts', 'device']);
  return resolved === options ? node : withKey(node, 'driver_opts', resolved);
}

function withResolved(node: Extract<Node, { kind: 'mapping' }>, key: string, base: Base, path: Path): Node {
  const before = child(node, key);
  const written = textOf(before);
  if (before === undefined || written === undefined) return node;
  const after = anyPath(written, base, before, path);
  return after === written ? node : withKey(node, key, text(after, before.mark));
}

function withHome(written: string, base: Base, node: Node, path: Path): string {
  if (!written.startsWith('~')) return written;
  if (base.home !== undefined) return joinClean(base.home, written.slice(1));
  base.report.warning('COMPOSE_NO_HOME', { path: path.join('.'), value: written }, spot(node, path));
  return written;
}

/** `C:\dir`, `C:/dir`, `\\host\share`. */
export function isWindowsAbsolute(written: string): boolean {
  return /^(?:.:[\\/]|[\\/]{2})/.test(written);
}
