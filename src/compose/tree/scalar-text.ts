import { floatText } from '../values/float-text.ts';
import type { Scalar } from './node.ts';

/**
 * The text of a scalar where a string is wanted: environment values, labels, options. Numbers print as the reference
 * prints them (Go's default formatting): `1.0` is `1`, `12345678.0` is `1.2345678e+07`, `0x1F` is `31`.
 */
export function scalarText(scalar: Scalar): string {
  if (scalar.type === 'null') return '';
  if (scalar.type === 'float') return floatText(scalar.value as number);
  return String(scalar.value);
}
