import type { Section } from '../schema/section.ts';
import type { Entry, Mapping, Node } from '../tree/node.ts';
import { isNull, list, nothing, text, textOf } from '../tree/node.ts';
import { type Binder, isEmpty, refuse } from './binder.ts';

/** An object with known keys; null leaves it out, empty stays as `{}`. */
export function object(section: Section): Binder {
  return (node, path, report) => {
    if (isNull(node)) return undefined;
    if (node.kind !== 'mapping') return refuse(node, path, report, 'mapping');
    const entries = new Map<string, Entry>();
    for (const [key, entry] of node.entries) {
      const field = Object.hasOwn(section.fields, key) ? section.fields[key] : undefined;
      if (field === undefined) {
        if (section.extensible && key.startsWith('x-')) entries.set(key, entry);
        continue;
      }
      const value = field.becomes(entry.value, [...path, key], report);
      if (value !== undefined) entries.set(key, { key: entry.key, value });
    }
    return { kind: 'mapping', entries, mark: node.mark };
  };
}

/** An object that is left out when nothing is in it. */
export function filledObject(section: Section): Binder {
  const bind = object(section);
  return (node, path, report) => {
    const value = bind(node, path, report);
    return value === undefined || isEmpty(value) ? undefined : value;
  };
}

/** An object that always has certain keys; `fallbacks` fills those that are missing. */
export function completeObject(section: Section, fallbacks: Readonly<Record<string, (node: Node) => Node>>): Binder {
  const bind = object(section);
  return (node, path, report) => {
    const value = bind(node, path, report);
    if (value?.kind !== 'mapping') return value;
    const entries = new Map(value.entries);
    for (const [key, make] of Object.entries(fallbacks)) {
      if (!entries.has(key)) entries.set(key, { key: node.mark, value: make(node) });
    }
    return { ...value, entries };
  };
}

/** Free keys with what `each` makes of their values; left out when empty. */
export function mapOf(each: Binder): Binder {
  return (node, path, report) => {
    if (isNull(node)) return undefined;
    if (node.kind !== 'mapping') return refuse(node, path, report, 'mapping');
    const entries = new Map<string, Entry>();
    for (const [key, entry] of node.entries) {
      const value = each(entry.value, [...path, key], report);
      if (value !== undefined) entries.set(key, { key: entry.key, value });
    }
    return entries.size === 0 ? undefined : { ...node, entries };
  };
}

/** A value of a mapping where null means "with defaults" and stays null. */
export function nullable(inner: Binder): Binder {
  return (node, path, report) => (isNull(node) ? nothing(node.mark) : inner(node, path, report));
}

/** A resource that null declares with all defaults: null becomes `{}`. */
export function declared(inner: Binder): Binder {
  return (node, path, report) =>
    isNull(node) ? { kind: 'mapping', entries: new Map(), mark: node.mark } : inner(node, path, report);
}

/** Keys for the build: `id` alone or `id: path`. */
export const sshKeys: Binder = (node, path, report) => {
  if (isNull(node)) return undefined;
  if (node.kind !== 'mapping') return refuse(node, path, report, 'mapping');
  const items = [...(node as Mapping).entries].map(([id, { value, key }]) => {
    const file = textOf(value);
    return text(file === undefined || file === '' ? id : `${id}: ${file}`, key);
  });
  return items.length === 0 ? undefined : list(items, node.mark);
};
