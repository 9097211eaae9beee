import { isHeaderName } from '#core/header-name.ts';
import type { Header, PolicyRule } from '#model/policy.ts';
import type { OptionReader } from './option-reader.ts';

/** The security options of the headers middleware. */
export function securityHeaders(options: OptionReader): {
  readonly response: readonly Header[];
  readonly hsts: readonly PolicyRule[];
  /** What sends some requests away. */
  readonly guards: readonly PolicyRule[];
} {
  const usualFrame = options.is('framedeny') ? 'DENY' : undefined;
  const usualFilter = options.is('browserxssfilter') ? '1; mode=block' : undefined;
  const response = {
    'X-Frame-Options': options.text('customframeoptionsvalue') ?? usualFrame,
    'X-Content-Type-Options': options.is('contenttypenosniff') ? 'nosniff' : undefined,
    'X-XSS-Protection': options.text('custombrowserxssvalue') ?? usualFilter,
    'Content-Security-Policy': options.text('contentsecuritypolicy'),
    'Content-Security-Policy-Report-Only': options.text('contentsecuritypolicyreportonly'),
    'Referrer-Policy': options.text('referrerpolicy'),
    'Permissions-Policy': options.text('permissionspolicy'),
    'Feature-Policy': options.text('featurepolicy'),
    'Public-Key': options.text('publickey'),
  };
  const hsts = hstsOf(options);
  const guards = [...hostsOf(options), ...redirectOf(options)];
  // Of a machine where neither the names nor HTTPS are there yet.
  const isDevelopment = options.is('isdevelopment');
  return {
    response: Object.entries(response).flatMap(([name, value]) => (value === undefined ? [] : [{ name, value }])),
    hsts: isDevelopment ? [] : hsts,
    guards: isDevelopment ? [] : guards,
  };
}

function hostsOf(options: OptionReader): readonly PolicyRule[] {
  const hosts = options.list('allowedhosts').map((one) => one.toLowerCase());
  const headers = options.list('hostsproxyheaders');
  if (!headers.every(isHeaderName)) options.refuse('hostsproxyheaders', 'names of headers, between commas');
  return hosts.length === 0 ? [] : [{ kind: 'host-allow', hosts, ...(headers.length > 0 ? { headers } : {}) }];
}

function hstsOf(options: OptionReader): readonly PolicyRule[] {
  const seconds = options.whole('stsseconds') ?? 0;
  const subdomains = options.is('stsincludesubdomains');
  const preload = options.is('stspreload');
  const always = options.is('forcestsheader');
  return seconds === 0 ? [] : [{ kind: 'hsts', seconds, subdomains, preload, always }];
}

/** Version 2 could redirect here; version 3 says redirectscheme instead. */
function redirectOf(options: OptionReader): readonly PolicyRule[] {
  const asked = options.is('sslredirect');
  const temporary = options.is('ssltemporaryredirect');
  options.unsupported('sslhost', 'use redirectregex');
  if (options.is('sslforcehost')) options.unsupported('sslforcehost', 'use redirectregex');
  for (const [name, value] of options.record('sslproxyheaders')) {
    if (`${name}=${value}`.toLowerCase() === 'x-forwarded-proto=https') continue;
    const instead = 'only X-Forwarded-Proto of a trusted proxy tells that it spoke HTTPS';
    options.unsupported(`sslproxyheaders.${name.toLowerCase()}`, instead);
  }
  return asked ? [{ kind: 'redirect-scheme', scheme: 'https', permanent: !temporary }] : [];
}
