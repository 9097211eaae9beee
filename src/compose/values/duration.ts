import { fail } from '#core/errors.ts';

const unitNanoseconds: Readonly<Record<string, bigint>> = {
  ns: 1n,
  us: 1_000n,
  µs: 1_000n,
  μs: 1_000n,
  ms: 1_000_000n,
  s: 1_000_000_000n,
  m: 60_000_000_000n,
  h: 3_600_000_000_000n,
  d: 86_400_000_000_000n,
  w: 604_800_000_000_000n,
};

const longest = 2n ** 63n - 1n;

/**
 * A duration as the canonical model writes it: `90s` becomes `1m30s`, `1.5h` becomes `1h30m0s`.
 *
 * @throws COMPOSE_DURATION
 */
export function canonicalDuration(text: string): string {
  return formatDuration(parseDurationText(text));
}

/**
 * Reads a duration: numbers with units `ns us ms s m h d w`, a sign before them, or `0` (Compose Specification,
 * chapter "Specifying durations").
 *
 * @returns nanoseconds
 * @throws COMPOSE_DURATION
 */
export function parseDurationText(text: string): bigint {
  const unsigned = text.replace(/^[+-]/, '');
  if (unsigned === '0') return 0n;
  if (unsigned === '') throw fail('COMPOSE_DURATION', { text, problem: 'malformed' });
  let total = 0n;
  let rest = unsigned;
  while (rest !== '') {
    const match = /^(\d*)(?:\.(\d*))?([^\d.]*)/.exec(rest);
    const [whole = '', integer = '', fraction = '', unit = ''] = match ?? [];
    if (integer === '' && fraction === '') throw fail('COMPOSE_DURATION', { text, problem: 'malformed' });
    if (unit === '') throw fail('COMPOSE_DURATION', { text, problem: 'no-unit' });
    const factor = Object.hasOwn(unitNanoseconds, unit) ? unitNanoseconds[unit] : undefined;
    if (factor === undefined) throw fail('COMPOSE_DURATION', { text, problem: 'unknown-unit', unit });
    total += BigInt(integer) * factor + (BigInt(fraction || '0') * factor) / 10n ** BigInt(fraction.length);
    rest = rest.slice(whole.length);
  }
  if (total > longest) throw fail('COMPOSE_DURATION', { text, problem: 'too-long' });
  return text.startsWith('-') ? -total : total;
}

/** Writes nanoseconds as Go does, the form of the canonical model: `1h0m0s`, `100ms`, `1.5s`, `0s`. */
export function formatDuration(nanoseconds: bigint): string {
  if (nanoseconds < 0n) return `-${formatDuration(-nanoseconds)}`;
  if (nanoseconds === 0n) return '0s';
  if (nanoseconds < 1_000n) return `${nanoseconds}ns`;
  if (nanoseconds < 1_000_000n) return `${decimal(nanoseconds, 1_000n)}µs`;
  if (nanoseconds < 1_000_000_000n) return `${decimal(nanoseconds, 1_000_000n)}ms`;
  const minutes = nanoseconds / 60_000_000_000n;
  const seconds = `${decimal(nanoseconds % 60_000_000_000n, 1_000_000_000n)}s`;
  if (minutes === 0n) return seconds;
  return minutes < 60n ? `${minutes}m${seconds}` : `${minutes / 60n}h${minutes % 60n}m${seconds}`;
}

function decimal(value: bigint, unit: bigint): string {
  const fraction = String(value % unit)
    .padStart(String(unit).length - 1, '0')
    .replace(/0+$/, '');
  return fraction === '' ? String(value / unit) : `${value / unit}.${fraction}`;
}
