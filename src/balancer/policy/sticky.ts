import type { StickyCookie } from '#model/policy.ts';
import { quote } from '../quote.ts';

/**
 * The cookie's value is computed from the instance's address and a key, so it tells nobody the address. Instances that
 * come at runtime get theirs when `enable dynamic-cookie` is sent.
 */
export function stickySettings(cookie: StickyCookie, key: string): readonly string[] {
  const attributes = [
    ...(cookie.sameSite === undefined ? [] : [`SameSite=${capital(cookie.sameSite)}`]),
    ...(cookie.maxAgeSeconds === undefined ? [] : [`Max-Age=${cookie.maxAgeSeconds}`]),
  ];
  return [
    `dynamic-cookie-key ${quote(key)}`,
    [
      `cookie ${cookie.name} insert indirect nocache dynamic`,
      ...(cookie.httpOnly ? ['httponly'] : []),
      ...(cookie.secure ? ['secure'] : []),
      ...attributes.map((one) => `attr ${quote(one)}`),
    ].join(' '),
  ];
}

function capital(text: string): string {
  return `${text[0]?.toUpperCase()}${text.slice(1)}`;
}
