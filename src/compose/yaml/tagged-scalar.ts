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

/**
 * Reads a scalar with an explicit tag such as `!!int`. Unknown tags leave the text as it is.
 *
 * @returns undefined when the text does not fit the tag
 */
export function readTaggedScalar(source: string, tag: string, mark: Mark): Scalar | undefined {
  const name = tag.startsWith(prefix) ? tag.slice(prefix.length) : tag.replace(/^!!/, '');
  if (name === 'binary') return text(Buffer.from(source, 'base64').toString('utf8'), mark);
  const wanted = typeByTag[name];
  if (wanted === undefined) return text(source, mark);
  const read = readPlainScalar(source, mark);
  if (read.type === wanted) return read;
  if (wanted === 'float' && read.type === 'int') return { ...read, type: 'float', value: Number(read.value) };
  return undefined;
}
