import type { Directive } from './parse.ts';
import type { RouteSetting } from './route.ts';
import type { Scope } from './scope.ts';

type Headers = Record<string, string>;

/** What the service is told: `proxy_set_header`, without what Timonel tells every service anyway. */
export function requestHeaders(scope: Scope): Pick<RouteSetting, 'requestHeaders'> {
  const set: Headers = {};
  const directives = scope.inherited('proxy_set_header');
  for (const one of directives) {
    const [name = '', value = ''] = one.args;
    if (tellsForwardedFor(one)) scope.ledger.change(one, 'forwarded-for');
    else if (isToldAnyway(name.toLowerCase(), value)) continue;
    else if (value.includes('$')) scope.ledger.leave(one, 'value');
    else if (name in set) scope.ledger.leave(one, 'twice');
    else set[name] = value;
  }
  return Object.keys(set).length === 0 ? {} : { requestHeaders: set };
}

/** Without such a line nginx asks the service for the upstream's name instead of the client's host. */
export function keepsHost(scope: Scope): boolean {
  return scope.inherited('proxy_set_header').some((one) => one.args[0]?.toLowerCase() === 'host');
}

/** Does the location pass on upgrades to another protocol? */
export function isWebsocket(scope: Scope): boolean {
  return scope.inherited('proxy_set_header').some((one) => one.args[0]?.toLowerCase() === 'upgrade');
}

function tellsForwardedFor({ args: [name = '', value = ''] }: Directive): boolean {
  return name.toLowerCase() === 'x-forwarded-for' && value.includes('$proxy_add_x_forwarded_for');
}

const toldAnyway: Readonly<Record<string, RegExp>> = {
  host: /^\$(host|http_host|server_name)(:\$server_port)?$/,
  'x-real-ip': /^\$(remote_addr|realip_remote_addr)$/,
  'x-forwarded-for': /^\$(remote_addr|http_x_forwarded_for)$/,
  'x-forwarded-proto': /^(\$scheme|\$http_x_forwarded_proto|https?)$/,
  'x-forwarded-scheme': /^\$scheme$/,
  'x-forwarded-host': /^\$(host|http_host|server_name)$/,
  'x-forwarded-port': /^(\$server_port|\d+)$/,
  'x-request-id': /^\$(request_id|http_x_request_id)$/,
  upgrade: /^\$http_upgrade$/,
  connection: /^(upgrade|\$connection_upgrade|\$http_connection|close|)$/i,
};

function isToldAnyway(name: string, value: string): boolean {
  return toldAnyway[name]?.test(value) === true;
}

/** What the client is told: `add_header`, `proxy_hide_header` and `expires`. */
export function responseHeaders(scope: Scope): Pick<RouteSetting, 'responseHeaders'> {
  const set: Headers = {};
  for (const one of scope.inherited('proxy_hide_header')) set[one.args[0] ?? ''] = '';
  const expires = scope.last('expires');
  if (expires !== undefined) Object.assign(set, cacheControl(expires, scope));
  for (const one of scope.inherited('add_header')) addHeader(one, set, scope);
  return Object.keys(set).length === 0 ? {} : { responseHeaders: set };
}

function addHeader(one: Directive, set: Headers, { ledger }: Scope): void {
  const [name = '', value = '', always] = one.args;
  if (value.includes('$') || (set[name] !== undefined && set[name] !== '')) {
    ledger.leave(one, value.includes('$') ? 'value' : 'twice');
    return;
  }
  if (always !== 'always') ledger.change(one, 'on-errors');
  if (value !== '') set[name] = value;
}

const units: Readonly<Record<string, number>> = {
  s: 1,
  m: 60,
  h: 3600,
  d: 86_400,
  w: 604_800,
  M: 2_592_000,
  y: 31_536_000,
};

/** nginx's `expires`: a time, `max` (ten years), `epoch` and negative times (never fresh), or `off`. */
function cacheControl(expires: Directive, { ledger }: Scope): Headers {
  const [value = 'off'] = expires.args;
  if (value === 'off') return {};
  if (value === 'epoch' || value.startsWith('-')) return { 'Cache-Control': 'no-cache' };
  if (value === 'max') return { 'Cache-Control': 'max-age=315360000' };
  const parts = [...value.matchAll(/(\d+)([smhdwMy]?)/g)];
  if (parts.length === 0) {
    ledger.leave(expires, 'value');
    return {};
  }
  const seconds = parts.reduce((sum, [, number, unit]) => sum + Number(number) * (units[unit || 's'] ?? 1), 0);
  return { 'Cache-Control': `max-age=${seconds}` };
}
