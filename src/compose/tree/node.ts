import type { Mark } from './source.ts';

/**
 * A value of a Compose file that knows where it was written. Every phase keeps the marks, so a finding about the
 * merged, extended and rewritten model still names the line that set the value. Nodes never change: aliases, extends
 * and merges share them.
 */
export type Node = Scalar | List | Mapping;

/** How a plain scalar was read; `float` and `time` matter because they print as the reference prints them. */
export type ScalarType = 'string' | 'int' | 'float' | 'bool' | 'null' | 'time';

export interface Scalar {
  readonly kind: 'scalar';
  readonly type: ScalarType;
  readonly value: string | number | bigint | boolean | null;
  readonly mark: Mark;
}

export interface List {
  readonly kind: 'list';
  readonly items: readonly Node[];
  readonly mark: Mark;
}

export interface Mapping {
  readonly kind: 'mapping';
  readonly entries: ReadonlyMap<string, Entry>;
  readonly mark: Mark;
}

/** A value under a key; `key` is where the key stands. */
export interface Entry {
  readonly key: Mark;
  readonly value: Node;
}

/** Keys and list indexes from the root to a node. */
export type Path = readonly (string | number)[];

export function text(value: string, mark: Mark): Scalar {
  return { kind: 'scalar', type: 'string', value, mark };
}

export function flag(value: boolean, mark: Mark): Scalar {
  return { kind: 'scalar', type: 'bool', value, mark };
}

export function integer(value: number | bigint, mark: Mark): Scalar {
  return { kind: 'scalar', type: 'int', value, mark };
}

export function nothing(mark: Mark): Scalar {
  return { kind: 'scalar', type: 'null', value: null, mark };
}

export function list(items: readonly Node[], mark: Mark): List {
  return { kind: 'list', items, mark };
}

/** A mapping from pairs; a pair's key is taken to stand where its value stands. */
export function mapping(pairs: Iterable<readonly [string, Node]>, mark: Mark): Mapping {
  const entries = new Map<string, Entry>();
  for (const [key, value] of pairs) entries.set(key, { key: value.mark, value });
  return { kind: 'mapping', entries, mark };
}

export function isMapping(node: Node | undefined): node is Mapping {
  return node?.kind === 'mapping';
}

export function isScalar(node: Node | undefined): node is Scalar {
  return node?.kind === 'scalar';
}

export function isNull(node: Node | undefined): boolean {
  return node?.kind === 'scalar' && node.type === 'null';
}

/** The text of a string scalar; undefined for anything else. */
export function textOf(node: Node | undefined): string | undefined {
  return node?.kind === 'scalar' && node.type === 'string' ? (node.value as string) : undefined;
}

/** The value under `key` of a mapping; undefined when the node is none or has no such key. */
export function child(node: Node | undefined, key: string): Node | undefined {
  return node?.kind === 'mapping' ? node.entries.get(key)?.value : undefined;
}
