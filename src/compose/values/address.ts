/** Is `text` an IP address as a port or a host entry may name one: no zone, no leading zeros? */
export function isAddress(text: string): boolean {
  return text.includes(':') ? isAddress6(text) : isAddress4(text);
}

function isAddress4(text: string): boolean {
  const parts = text.split('.');
  return parts.length === 4 && parts.every((part) => /^(?:0|[1-9][0-9]{0,2})$/.test(part) && Number(part) <= 255);
}

function isAddress6(text: string): boolean {
  const halves = text.split('::');
  if (halves.length > 2) return false;
  const groups = halves.map((half) => (half === '' ? [] : half.split(':')));
  const tail = groups.at(-1) ?? [];
  const dotted = tail.at(-1)?.includes('.') === true ? tail.pop() : undefined;
  if (dotted !== undefined && !isAddress4(dotted)) return false;
  const all = groups.flat();
  const width = all.length + (dotted === undefined ? 0 : 2);
  return all.every((group) => /^[0-9a-fA-F]{1,4}$/.test(group)) && (halves.length === 2 ? width < 8 : width === 8);
}
