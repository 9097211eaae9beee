import { TimonelError } from '#core/errors.ts';
import { mapItems, withKey } from '../tree/edit.ts';
import { namesToMapping } from '../tree/names.ts';
import {
  type Entry,
  flag,
  isNull,
  list,
  type Mapping,
  mapping,
  type Node,
  nothing,
  type Path,
  text,
  textOf,
} from '../tree/node.ts';
import { fromPlain } from '../tree/plain.ts';
import { spot } from '../tree/report.ts';
import type { Rewrite } from '../tree/rewrite.ts';
import { scalarText } from '../tree/scalar-text.ts';
import { splitEntry } from '../values/mapping.ts';
import { parsePort } from '../values/port.ts';
import { parseVolume } from '../values/volume.ts';
import { limits } from '../yaml/limits.ts';
import type { Canonical } from './canonical.ts';
import { cleanPath } from './join-clean.ts';

type Form = Rewrite<Canonical>;

/** `build: ./dir` */
export const build: Form = (node) => (textOf(node) === undefined ? node : mapping([['context', node]], node.mark));

/** `extends: base` */
export const extension: Form = (node) => (textOf(node) === undefined ? node : mapping([['service', node]], node.mark));

/** A secret or config by name alone. */
export const fileGrant: Form = (node) => (textOf(node) === undefined ? node : mapping([['source', node]], node.mark));

/** A text where a list may stand. */
export const oneOrMany: Form = (node) => (textOf(node) === undefined ? node : list([node], node.mark));

/** As one or many, less the empty texts that unset variables leave. */
export const withoutEmpty: Form = (node) => {
  if (textOf(node) !== undefined) return list(textOf(node) === '' ? [] : [node], node.mark);
  if (node.kind !== 'list') return node;
  return { ...node, items: node.items.filter((item) => !isNull(item) && textOf(item) !== '') };
};

/** A boolean where a text is wanted. */
export const stringified: Form = (node) =>
  node.kind === 'scalar' && node.type !== 'string' ? text(scalarText(node), node.mark) : node;

/** A list of names, where a mapping of names to settings may stand. */
export const uses: Form = (node) => namesToMapping(node, nothing);

export const dependsOn: Form = (node) => {
  const long = namesToMapping(node, (mark) => mapping([['condition', text('service_started', mark)]], mark));
  if (long.kind !== 'mapping') return long;
  const entries = new Map<string, Entry>();
  for (const [key, entry] of long.entries) entries.set(key, { key: entry.key, value: completeDependency(entry.value) });
  return { ...long, entries };
};

export const gpus: Form = (node) =>
  textOf(node) === undefined ? node : list([mapping([['count', text('all', node.mark)]], node.mark)], node.mark);

export const envFiles: Form = (node) => {
  const items = textOf(node) === undefined ? node : list([node], node.mark);
  if (items.kind !== 'list') return items;
  return mapItems(items, (item) => {
    const long = textOf(item) === undefined ? item : mapping([['path', item]], item.mark);
    if (long.kind !== 'mapping' || long.entries.has('required')) return long;
    return withKey(long, 'required', flag(true, long.mark));
  });
};

/** `KEY=value` items, each of which must have its value. */
export const keyValues: Form = (node, path, { report, lenient }) => {
  if (node.kind !== 'list') return node;
  const entries = new Map<string, Entry>();
  for (const [index, item] of node.items.entries()) {
    const [key, value] = splitEntry(textOf(item) ?? '');
    if (value === undefined && lenient) return node;
    if (value === undefined) {
      report.error('COMPOSE_KEY_VALUE', { path: path.join('.'), value: key }, spot(item, [...path, index]));
    } else entries.set(key, { key: item.mark, value: text(value, item.mark) });
  }
  return { kind: 'mapping', entries, mark: node.mark };
};

/** `default`, or `id=path`; `id: path` too, which is how the canonical model prints it. */
export const buildSsh: Form = (node, path, { report }) => {
  if (node.kind !== 'list') return node;
  const entries = new Map<string, Entry>();
  for (const [index, item] of node.items.entries()) {
    const written = textOf(item) ?? '';
    const match = /^([^=:]+)(?:=|: )(.*)$/s.exec(written);
    if (match === null && written !== 'default') {
      report.error('COMPOSE_SSH_KEY', { value: written }, spot(item, [...path, index]));
    } else {
      const value = match === null ? nothing(item.mark) : text(match[2] ?? '', item.mark);
      entries.set(match?.[1] ?? written, { key: item.mark, value });
    }
  }
  return { kind: 'mapping', entries, mark: node.mark };
};

/** `/dev/a[:/dev/b[:rwm]]` */
export const device: Form = (node, path, { report, lenient }) => {
  const written = textOf(node);
  if (written === undefined) return node;
  const parts = written.split(':');
  if (parts.length > 3) {
    if (!lenient) report.error('COMPOSE_DEVICE', { value: written }, spot(node, path));
    return node;
  }
  const [source = '', target = '', permissions = 'rwm'] = parts;
  return fromPlain({ source, target: target === '' ? source : target, permissions }, node.mark);
};

/** `[source:]target[:options]` */
export const mount: Form = (node, path, context) => {
  const written = textOf(node);
  if (written === undefined) return node;
  const long = attempt(node, path, context, () => parseVolume(written));
  if (long === undefined) return node;
  const target = long.target === undefined || long.target === '' ? '' : cleanPath(long.target);
  return fromPlain({ ...long, target }, node.mark);
};

/** One text may stand for several ports. */
export const ports: Form = (node, path, context) => {
  if (node.kind !== 'list') return node;
  const items: Node[] = [];
  for (const [index, item] of node.items.entries()) {
    const at = [...path, index];
    if (item.kind !== 'scalar') items.push(item);
    else if (item.type === 'float') {
      context.report.error('COMPOSE_PORT_FRACTION', { value: scalarText(item) }, spot(item, at));
    } else {
      const long = attempt(item, at, context, () => parsePort(scalarText(item)));
      context.ports.left -= long?.length ?? 0;
      if (context.ports.left < 0) {
        context.report.error('COMPOSE_TOO_MANY_PORTS', { limit: limits.ports }, spot(item, path));
        return node;
      }
      if (long === undefined && context.lenient) return node;
      items.push(...(long ?? []).map((port) => fromPlain(port, item.mark)));
    }
  }
  return { ...node, items };
};

/** `external: {name: x}` is the old way to say `external: true` and `name: x`. */
export const maybeExternal: Form = (node, path, { report }) => {
  if (node.kind !== 'mapping') return node;
  const external = node.entries.get('external')?.value;
  if (external?.kind !== 'mapping') return node;
  const plain = withKey(node, 'external', flag(true, external.mark));
  const old = external.entries.get('name');
  if (old === undefined) return plain;
  report.warning('COMPOSE_EXTERNAL_NAME', { path: path.join('.') }, { mark: old.key, path });
  const name = node.entries.get('name')?.value;
  if (name === undefined) return withKey(plain, 'name', old.value, old.key);
  if (textOf(name) !== textOf(old.value)) {
    report.error('COMPOSE_EXTERNAL_NAMES_DIFFER', { path: path.join('.') }, { mark: old.key, path });
  }
  return plain;
};

function completeDependency(node: Node): Node {
  if (node.kind !== 'mapping') return node;
  let complete: Mapping = node;
  if (!node.entries.has('condition')) complete = withKey(complete, 'condition', text('service_started', node.mark));
  if (!node.entries.has('required')) complete = withKey(complete, 'required', flag(true, node.mark));
  return complete;
}

function attempt<T>(node: Node, path: Path, context: Canonical, parse: () => T): T | undefined {
  try {
    return parse();
  } catch (error) {
    if (!(error instanceof TimonelError)) throw error;
    if (!context.lenient && !context.report.isRefused(path)) context.report.said('error', error.said, spot(node, path));
    return undefined;
  }
}
