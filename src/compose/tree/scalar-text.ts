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

/** A floating point number with the fewest digits that name it; with an exponent below 1e-4 and from 1e6 on. */
export function floatText(value: number): string {
  if (Number.isNaN(value)) return 'NaN';
  if (!Number.isFinite(value)) return value > 0 ? '+Inf' : '-Inf';
  if (value === 0) return Object.is(value, -0) ? '-0' : '0';
  const [mantissa = '', power = '0'] = value.toExponential().split('e');
  const exponent = Number(power);
  if (exponent >= -4 && exponent < 6) return String(value);
  const sign = exponent < 0 ? '-' : '+';
  return `${mantissa}e${sign}${String(Math.abs(exponent)).padStart(2, '0')}`;
}
