import { namesToMapping } from '../tree/names.ts';
import {
  type Entry,
  flag,
  isNull,
  type List,
  list,
  type Mapping,
  type Node,
  nothing,
  type Scalar,
  text,
  textOf,
} from '../tree/node.ts';
import { scalarText } from '../tree/scalar-text.ts';
import type { Mark } from '../tree/source.ts';
import type { MergeMappings, MergeRule } from './merge.ts';

/** The later value stands alone, even when it is null. */
export const replace: MergeRule = (_base, over) => over;

/** Both sides become lists of `KEY=VALUE`, appended; that the last of a key wins is the business of uniqueness. */
export const asSequence: MergeRule = (base, over) => {
  const first = sequence(base);
  const second = sequence(over);
  if (first === undefined || second === undefined) return second === undefined ? over : base;
  return list([...first, ...second], isNull(over) ? base.mark : over.mark);
};

/** Hosts are added; only an entry spelled alike is not repeated. */
export const addHosts: MergeRule = (base, over) => {
  const first = sequence(base, 'lists');
  const second = sequence(over, 'lists');
  if (first === undefined || second === undefined) return second === undefined ? over : base;
  const known = new Set(first.map(textOf));
  return list([...first, ...second.filter((item) => !known.has(textOf(item)))], over.mark);
};

/** `build: ./dir` counts as its context. */
export const mergeBuild: MergeRule = (base, over, deep) => {
  const long = (node: Node): Node => (textOf(node) === undefined ? node : single('context', node));
  return mergeLong(long(base), long(over), deep);
};

/** A list of dependencies counts as conditions `service_started`. */
export const mergeDependencies: MergeRule = (base, over, deep) => {
  const started = (mark: Mark): Node =>
    single('condition', text('service_started', mark), ['required', flag(true, mark)]);
  return mergeLong(namesToMapping(base, started), namesToMapping(over, started), deep);
};

/** A list of names counts as a mapping of names to nothing. */
export const mergeByName: MergeRule = (base, over, deep) =>
  mergeLong(namesToMapping(base, nothing), namesToMapping(over, nothing), deep);

/** Options of one log driver mean nothing to another, so another driver replaces the whole. */
export const mergeLogging: MergeRule = (base, over, deep) => {
  if (base.kind !== 'mapping' || over.kind !== 'mapping') return isNull(over) ? base : over;
  const before = textOf(base.entries.get('driver')?.value);
  const after = textOf(over.entries.get('driver')?.value);
  return before === after || before === undefined || after === undefined ? deep(base, over) : over;
};

/**
 * Address pools merge by subnet. Kept exactly as the reference does it, whose result has only the subnets that the
 * later file names.
 */
export const mergeIpam: MergeRule = (base, over, deep) => {
  if (base.kind !== 'list' || over.kind !== 'list') return over;
  const pools: Mapping[] = [];
  const indexOf = (subnet: string | undefined): number => pools.findIndex((pool) => subnetOf(pool) === subnet);
  for (const original of base.items) {
    let right: Node = original;
    for (const left of over.items) {
      if (left.kind !== 'mapping' || right.kind !== 'mapping') return over;
      if (subnetOf(left) !== subnetOf(right) && indexOf(subnetOf(left)) === -1) {
        pools.push(left);
        continue;
      }
      right = deep(right, left);
      if (right.kind !== 'mapping') return over;
      const known = indexOf(subnetOf(right));
      if (known === -1) pools.push(right);
      else pools[known] = right;
    }
  }
  return list(pools, over.mark);
};

function subnetOf(pool: Mapping): string | undefined {
  return textOf(pool.entries.get('subnet')?.value);
}

function mergeLong(base: Node, over: Node, deep: MergeMappings): Node {
  if (isNull(over)) return base;
  if (isNull(base)) return over;
  return base.kind === 'mapping' && over.kind === 'mapping' ? deep(base, over) : over;
}

function single(key: string, value: Node, ...more: (readonly [string, Node])[]): Mapping {
  const entries = new Map<string, Entry>([[key, { key: value.mark, value }]]);
  for (const [name, other] of more) entries.set(name, { key: other.mark, value: other });
  return { kind: 'mapping', entries, mark: value.mark };
}

/** A mapping as `KEY=VALUE` items in the order of their text, a text as its own item; undefined for what fits neither. */
function sequence(node: Node, values: 'scalars' | 'lists' = 'scalars'): List['items'] | undefined {
  if (node.kind === 'list') return node.items;
  if (isNull(node)) return [];
  if (node.kind === 'scalar') return textOf(node) === undefined ? undefined : [node];
  const items: Node[] = [];
  for (const [key, { value }] of node.entries) {
    const ones = value.kind === 'list' && values === 'lists' ? value.items : [value];
    if (ones.some((one) => one.kind !== 'scalar')) return undefined;
    for (const one of ones as readonly Scalar[])
      items.push(text(isNull(one) ? key : `${key}=${scalarText(one)}`, one.mark));
  }
  return items.toSorted(byText);
}

function byText(a: Node, b: Node): number {
  const one = textOf(a) ?? '';
  const other = textOf(b) ?? '';
  return one < other ? -1 : one > other ? 1 : 0;
}
