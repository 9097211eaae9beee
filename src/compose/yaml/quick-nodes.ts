import { Alias, type Node, Scalar } from 'yaml';

/** Thrown where the quick reader meets what it does not know. */
export class GivesUp extends Error {}

export function scalar(value: string, at: number, type: 'PLAIN' | 'QUOTE_DOUBLE' | 'QUOTE_SINGLE'): Scalar {
  const made = placed(new Scalar(value), at);
  made.type = type;
  made.source = value;
  return made;
}

export function placed<T extends Node>(node: T, at: number): T {
  node.range = [at, at, at];
  return node;
}

export function anchored<T extends Node>(node: T, anchor: string | undefined): T {
  if (anchor !== undefined) {
    if (node instanceof Alias) throw new GivesUp();
    (node as unknown as Scalar).anchor = anchor;
  }
  return node;
}
