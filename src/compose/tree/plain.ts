import { integer, list, mapping, type Node, nothing, type Scalar, text } from './node.ts';
import type { Mark } from './source.ts';

/** The node as plain data. `__proto__` stays an ordinary key. */
export function toPlain(node: Node): unknown {
  if (node.kind === 'list') return node.items.map(toPlain);
  if (node.kind === 'scalar') return plainScalar(node);
  const plain: Record<string, unknown> = {};
  for (const [key, entry] of node.entries) setOwn(plain, key, toPlain(entry.value));
  return plain;
}

/** Sets a key of a plain object, also one called `__proto__`. */
export function setOwn(target: Record<string, unknown>, key: string, value: unknown): void {
  if (key !== '__proto__') target[key] = value;
  else Object.defineProperty(target, key, { value, enumerable: true, configurable: true, writable: true });
}

/** Plain data as nodes that all stand at `mark`; for values that no file wrote. */
export function fromPlain(value: unknown, mark: Mark): Node {
  if (Array.isArray(value)) {
    return list(
      value.map((item) => fromPlain(item, mark)),
      mark,
    );
  }
  if (value !== null && typeof value === 'object') {
    return mapping(
      Object.entries(value).map(([key, inner]) => [key, fromPlain(inner, mark)] as const),
      mark,
    );
  }
  return scalarFrom(value, mark);
}

function scalarFrom(value: unknown, mark: Mark): Scalar {
  if (typeof value === 'string') return text(value, mark);
  if (typeof value === 'boolean') return { kind: 'scalar', type: 'bool', value, mark };
  if (typeof value === 'bigint') return integer(value, mark);
  if (typeof value === 'number') {
    return Number.isInteger(value) ? integer(value, mark) : { kind: 'scalar', type: 'float', value, mark };
  }
  return nothing(mark);
}

function plainScalar(node: Scalar): unknown {
  return typeof node.value === 'bigint' ? Number(node.value) : node.value;
}
