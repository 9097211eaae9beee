import { Buffer } from 'node:buffer';
import { type Scalar, text } from '../tree/node.ts';
import type { Mark } from '../tree/source.ts';
import { readPlainScalar } from './plain-scalar.ts';

const prefix = 'tag:yaml.org,2002:';
const typeByTag: Readonly<Record<string, Scalar['type']>> = {
  int: 'int',
  float: 'float',
  bool: 'bool',
  null: 'null',
  timestamp: 'time',
};

/** Is it a tag of YAML, or one of Compose's own? */
export function isKnownTag(tag: string): boolean {
  return tag.startsWith(prefix) || tag === '!' || tag === '!reset' || tag === '!override';
}

const base64 = /^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/;

/**
 * Reads a scalar with an explicit tag such as `!!int`. Unknown tags leave the text as it is.
 *
 * @returns undefined when the text does not fit the tag
 */
export function readTaggedScalar(source: string, tag: string, mark: Mark): Scalar | undefined {
  const name = tag.startsWith(prefix) ? tag.slice(prefix.length) : tag.replace(/^!!/, '');
  if (name === 'binary') return readBinary(source, mark);
  const wanted = typeByTag[name];
  if (wanted === undefined) return text(source, mark);
  const read = readPlainScalar(source, mark);
  if (read.type === wanted) return read;
  if (wanted === 'float' && read.type === 'int') return { ...read, type: 'float', value: Number(read.value) };
  return undefined;
}

function readBinary(source: string, mark: Mark): Scalar | undefined {
  const letters = source.replace(/[\r\n]/g, '');
  return base64.test(letters) ? text(Buffer.from(letters, 'base64').toString('utf8'), mark) : undefined;
}
