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

/** The cookies of a request on its way to the worker's successor. */
const cookieHeader = 'x-timonel-cookie';

/** A worker takes its own cookie out of what it sends on, and its successor needs it. */
export const putCookieAway = [
  `http-request set-header ${cookieHeader} %[req.fhdr(cookie)] if { stopping } { req.hdr(cookie) -m found }`,
  'http-request del-header cookie if { stopping }',
];

export const takeCookieOut = [
  `http-request set-header cookie %[req.fhdr(${cookieHeader})] if { req.hdr(${cookieHeader}) -m found }`,
  `http-request del-header ${cookieHeader}`,
];

function capital(text: string): string {
  return `${text[0]?.toUpperCase()}${text.slice(1)}`;
}
