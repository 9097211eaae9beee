/**
 * The text of a floating-point number where a text is demanded, in `environment` say. The reference loader is written
 * in Go, whose default form it is: shortest digits, with an exponent below 1e-4 and from 1e6 on (`1.2345678e+07`).
 */
export function floatText(value: number): string {
  if (!Number.isFinite(value)) return Number.isNaN(value) ? 'NaN' : value > 0 ? '+Inf' : '-Inf';
  const [digits = '', exponentText = '0'] = value.toExponential().split('e');
  const exponent = Number(exponentText);
  if (Object.is(value, -0)) return '-0';
  if (value === 0 || (exponent >= -4 && exponent < 6)) return String(value);
  return `${digits}e${exponent < 0 ? '-' : '+'}${String(Math.abs(exponent)).padStart(2, '0')}`;
}

/** The number with the fewest digits that has the same single precision: how the reference keeps and prints `cpus`. */
export function singlePrecision(value: number): number {
  const single = Math.fround(value);
  for (let digits = 1; digits < 9; digits++) {
    const candidate = Number(single.toPrecision(digits));
    if (Math.fround(candidate) === single) return candidate;
  }
  return Number(single.toPrecision(9));
}
