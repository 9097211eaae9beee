import type { Scalar } from '../tree/node.ts';
import type { Mark } from '../tree/source.ts';
import { parseTimestamp } from './timestamp.ts';

const words: ReadonlyMap<string, Pick<Scalar, 'type' | 'value'>> = new Map<string, Pick<Scalar, 'type' | 'value'>>([
  ...['', '~', 'null', 'Null', 'NULL'].map((word) => [word, { type: 'null', value: null }] as const),
  ...['true', 'True', 'TRUE'].map((word) => [word, { type: 'bool', value: true }] as const),
  ...['false', 'False', 'FALSE'].map((word) => [word, { type: 'bool', value: false }] as const),
  ...['-0', '-0.0'].map((word) => [word, { type: 'float', value: -0 }] as const),
  ...['.nan', '.NaN', '.NAN'].map((word) => [word, { type: 'float', value: Number.NaN }] as const),
  ...['.inf', '.Inf', '.INF', '+.inf', '+.Inf', '+.INF'].map(
    (word) => [word, { type: 'float', value: Number.POSITIVE_INFINITY }] as const,
  ),
  ...['-.inf', '-.Inf', '-.INF'].map((word) => [word, { type: 'float', value: Number.NEGATIVE_INFINITY }] as const),
]);

const integerForm = /^[-+]?(?:0[xX][0-9a-fA-F]+|0[oO][0-7]+|0[bB][01]+|0[0-7]*|[1-9][0-9]*)$/;
const floatForm = /^[-+]?(?:\.[0-9]+|[0-9]+(?:\.[0-9]*)?)(?:[eE][-+]?[0-9]+)?$/;

/**
 * Reads an unquoted scalar as Compose does: YAML 1.2 core, plus octal `0644`, `_` in numbers and dates. `yes`, `no`,
 * `on` and `off` stay text (checked against the reference loader).
 */
export function readPlainScalar(source: string, mark: Mark): Scalar {
  const word = words.get(source);
  if (word !== undefined) return { kind: 'scalar', ...word, mark };
  if (!/^[-+.0-9]/.test(source)) return { kind: 'scalar', type: 'string', value: source, mark };
  const time = parseTimestamp(source);
  if (time !== undefined) return { kind: 'scalar', type: 'time', value: time, mark };
  const digits = source.replaceAll('_', '');
  if (integerForm.test(digits)) {
    const whole = readInteger(digits);
    if (whole !== undefined) return { kind: 'scalar', type: 'int', value: whole, mark };
  }
  if (floatForm.test(digits)) return { kind: 'scalar', type: 'float', value: Number(digits), mark };
  return { kind: 'scalar', type: 'string', value: source, mark };
}

/** An integer of 64 bits, exact; undefined when it needs more. */
function readInteger(digits: string): number | bigint | undefined {
  const isNegative = digits.startsWith('-');
  const body = digits.replace(/^[-+]/, '').toLowerCase();
  const magnitude = BigInt(/^0[0-7]+$/.test(body) ? `0o${body.slice(1)}` : body);
  if (magnitude > (isNegative ? 2n ** 63n : 2n ** 64n - 1n)) return undefined;
  const value = isNegative ? -magnitude : magnitude;
  return magnitude <= BigInt(Number.MAX_SAFE_INTEGER) ? Number(value) : value;
}
