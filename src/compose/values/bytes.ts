const exponents: Readonly<Record<string, number>> = { b: 0, k: 1, m: 2, g: 3, t: 4, p: 5 };

const shape =
  /^(?<number>\+?[0-9]+(?:\.[0-9]*)?(?:e[+-]?[0-9]+)?|\+?\.[0-9]+(?:e[+-]?[0-9]+)?) ?(?<unit>b|[kmgtp](?:i?b)?)?$/i;

/**
 * Reads a size: an integer of bytes (`-1` too, which stands for "no limit"), or a number with a unit `b k m g t p`,
 * `kb`, `KiB`, … in powers of 1024 (Compose Specification, chapter "Specifying byte values").
 *
 * @returns bytes as the canonical model writes them, a decimal text; undefined when `text` is no size
 */
export function canonicalBytes(text: string): string | undefined {
  return exactBytes(text)?.toString();
}

function exactBytes(text: string): bigint | undefined {
  if (/^[+-]?[0-9]+$/.test(text)) return inRange(BigInt(text.replace(/^\+/, '')));
  const groups = shape.exec(text)?.groups;
  if (groups === undefined) return undefined;
  const exponent = exponents[groups.unit?.[0]?.toLowerCase() ?? 'b'] ?? 0;
  const size = Number(groups.number) * 1024 ** exponent;
  return Number.isFinite(size) ? inRange(BigInt(Math.trunc(size))) : undefined;
}

function inRange(bytes: bigint): bigint | undefined {
  return bytes >= -(2n ** 63n) && bytes < 2n ** 63n ? bytes : undefined;
}
