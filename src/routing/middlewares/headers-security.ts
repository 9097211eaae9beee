import type { Header, PolicyRule } from '#model/policy.ts';
import type { OptionReader } from './option-reader.ts';

/** The security options of the headers middleware. */
export function securityHeaders(options: OptionReader): {
  readonly response: readonly Header[];
  readonly hsts: readonly PolicyRule[];
  readonly redirect: readonly PolicyRule[];
} {
  const frame = options.text('customframeoptionsvalue') ?? (options.is('framedeny') ? 'DENY' : undefined);
  const filter =
    options.text('custombrowserxssvalue') ?? (options.is('browserxssfilter') ? '1; mode=block' : undefined);
  const response = {
    'X-Frame-Options': frame,
    'X-Content-Type-Options': options.is('contenttypenosniff') ? 'nosniff' : undefined,
    'X-XSS-Protection': filter,
    'Content-Security-Policy': options.text('contentsecuritypolicy'),
    'Content-Security-Policy-Report-Only': options.text('contentsecuritypolicyreportonly'),
    'Referrer-Policy': options.text('referrerpolicy'),
    'Permissions-Policy': options.text('permissionspolicy'),
    'Feature-Policy': options.text('featurepolicy'),
  };
  options.harmless('isdevelopment', 'hostsproxyheaders', 'publickey');
  return {
    response: Object.entries(response).flatMap(([name, value]) => (value === undefined ? [] : [{ name, value }])),
    hsts: hstsOf(options),
    redirect: redirectOf(options),
  };
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
  const asked = options.is('sslredirect') || options.is('sslforcehost');
  const temporary = options.is('ssltemporaryredirect');
  options.unsupported('sslhost', 'use redirectregex');
  // Whether a trusted proxy spoke HTTPS is known from X-Forwarded-Proto.
  options.record('sslproxyheaders');
  return asked ? [{ kind: 'redirect-scheme', scheme: 'https', permanent: !temporary }] : [];
}
