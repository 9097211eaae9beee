import type { PathTable } from '../tree/path-table.ts';
import { setOwn } from '../tree/plain.ts';
import { fieldOrder } from './field-order.ts';

type Plain = Readonly<Record<string, unknown>>;
type Table = PathTable<readonly string[]> | undefined;
type Extensions = 'kept' | 'dropped';

/** The model with its keys in the order in which they are printed. */
export function ordered(model: object): Plain {
  return order(model, fieldOrder.below(''), fieldOrder, 'kept') as Plain;
}

/** A service with its keys in order, its extensions kept or dropped. */
export function orderedService(service: object, extensions: Extensions): Plain {
  const table = fieldOrder.below('services')?.below('any');
  return order(service, table, table, extensions) as Plain;
}

function order(value: unknown, names: Table, below: Table, extensions: Extensions): unknown {
  if (value === null || typeof value !== 'object') return value;
  if (Array.isArray(value)) {
    const inner = below?.below('*');
    return value.map((item: unknown) => order(item, inner, inner, extensions));
  }
  const model = value as Plain;
  const result: Record<string, unknown> = {};
  for (const key of orderedKeys(model, names?.rule, extensions)) {
    const next = below?.below(key);
    setOwn(result, key, order(model[key], next, next, extensions));
  }
  return result;
}

/** Known attributes in their order; then other keys, then extensions of a section, by the alphabet. */
function orderedKeys(model: Plain, known: readonly string[] | undefined, extensions: Extensions): readonly string[] {
  const keys = Object.keys(model);
  if (known === undefined) return keys.length < 2 ? keys : keys.toSorted(byAlphabet);
  const isKnown = knownNames(known);
  const others = keys.filter((key) => !isKnown.has(key));
  const first = known.filter((key) => Object.hasOwn(model, key));
  if (others.length === 0) return first;
  const plain = others.filter((key) => !key.startsWith('x-')).toSorted(byAlphabet);
  if (extensions === 'dropped') return [...first, ...plain];
  return [...first, ...plain, ...others.filter((key) => key.startsWith('x-')).toSorted(byAlphabet)];
}

const nameSets = new WeakMap<readonly string[], ReadonlySet<string>>();

function knownNames(known: readonly string[]): ReadonlySet<string> {
  const before = nameSets.get(known);
  if (before !== undefined) return before;
  const names = new Set(known);
  nameSets.set(known, names);
  return names;
}

function byAlphabet(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
