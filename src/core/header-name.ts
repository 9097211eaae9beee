/** A token of RFC 9110, section 5.6.2: names of headers and methods are such. */
export function isHeaderName(text: string): boolean {
  return /^[\w!#$%&'*+.^`|~-]+$/.test(text);
}
