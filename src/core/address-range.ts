/** Is `text` an IPv4 or IPv6 address, or a range of them such as `10.0.0.0/8`? */
export function isAddressRange(text: string): boolean {
  const [address = '', bits, ...more] = text.split('/');
  if (more.length > 0) return false;
  const longest = isV4(address) ? 32 : isV6(address) ? 128 : undefined;
  if (longest === undefined) return false;
  return bits === undefined || (/^\d{1,3}$/.test(bits) && Number(bits) <= longest);
}

function isV4(text: string): boolean {
  return /^\d{1,3}(\.\d{1,3}){3}$/.test(text) && text.split('.').every((part) => Number(part) <= 255);
}

/** The URL parser knows every form of an IPv6 address. */
function isV6(text: string): boolean {
  return /^[0-9a-fA-F:.]+$/.test(text) && text.includes(':') && URL.canParse(`http://[${text}]`);
}
