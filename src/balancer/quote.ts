/**
 * A word of a configuration line. Inside single quotes the proxy expands nothing; a single quote itself must be left
 * and come back in.
 *
 * @throws RangeError for line breaks, which no quoting can carry
 */
export function quote(text: string): string {
  if (/[\r\n\0]/.test(text)) throw new RangeError('a configuration word cannot hold a line break');
  if (/^[\w./:@%+,=*-]+$/.test(text)) return text;
  return `'${text.replaceAll("'", "'\\''")}'`;
}

/** An argument of a sample's function or converter, which may hold commas and brackets; the word around it is quoted too. */
export function argument(text: string): string {
  return `"${text.replaceAll(/[\\"]/g, '\\$&')}"`;
}
