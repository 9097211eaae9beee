/**
 * The mode of a mounted secret or config as the canonical model writes it: octal text with a leading zero, `"0440"`.
 *
 * @param mode a number (YAML has read its octal form already) or octal text
 * @returns undefined when `mode` is no file mode
 */
export function canonicalFileMode(mode: number | string): string | undefined {
  if (typeof mode === 'string' && !/^[0-7]+$/.test(mode)) return undefined;
  const value = typeof mode === 'string' ? Number.parseInt(mode, 8) : mode;
  return Number.isSafeInteger(value) && value >= 0 ? `0${value.toString(8)}` : undefined;
}
