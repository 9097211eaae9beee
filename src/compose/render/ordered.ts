import type { PathTable } from '../tree/path-table.ts';
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
  if (Array.isArray(value)) {
    const inner = below?.below('*');
    return value.map((item: unknown) => order(item, inner, inner, extensions));
  }
  if (value === null || typeof value !== 'object') return value;
  const known = names?.rule;
  const rank = new Map((known ?? []).map((name, index) => [name, index]));
  const pairs = Object.entries(value)
    .filter(([key]) => extensions === 'kept' || known === undefined || !key.startsWith('x-'))
    .toSorted(([a], [b]) => compareKeys(a, b, rank));
  return Object.fromEntries(
    pairs.map(([key, inner]) => {
      const next = below?.below(key);
      return [key, order(inner, next, next, extensions)];
    }),
  );
}

/** Known attributes by rank; then other keys, then extensions of a section, by the alphabet. */
function compareKeys(a: string, b: string, rank: ReadonlyMap<string, number>): number {
  const difference = place(a, rank) - place(b, rank);
  if (difference !== 0) return difference;
  return a < b ? -1 : a > b ? 1 : 0;
}

function place(key: string, rank: ReadonlyMap<string, number>): number {
  return rank.get(key) ?? rank.size + (rank.size > 0 && key.startsWith('x-') ? 1 : 0);
}
