import { isWebsocket } from './headers.ts';
import type { Directive } from './parse.ts';
import type { RouteSetting } from './route.ts';
import type { Scope } from './scope.ts';

/** Body size, time-outs, second tries and compression. */
export function timingOf(
  scope: Scope,
  servers: number,
): Pick<RouteSetting, 'maxBody' | 'timeout' | 'retry' | 'compress'> {
  const gzip = scope.last('gzip')?.args[0] === 'on';
  return { ...maxBody(scope), ...timeout(scope), ...retry(scope, servers), ...(gzip ? { compress: true } : {}) };
}

/** nginx refuses bodies above 1 MB when nothing is said; 0 takes any. */
function maxBody(scope: Scope): Pick<RouteSetting, 'maxBody'> {
  const said = scope.last('client_max_body_size');
  const [, number = '1', unit = 'm'] = /^(\d+)([kmg]?)$/i.exec(said?.args[0] ?? '1m') ?? [];
  if (number === '0') return {};
  return { maxBody: `${number}${unit === '' ? 'B' : `${unit.toUpperCase()}B`}` };
}

function timeout(scope: Scope): Pick<RouteSetting, 'timeout'> {
  const connect = scope.last('proxy_connect_timeout');
  if (connect !== undefined) scope.ledger.change(connect, 'connect');
  const read = scope.last('proxy_read_timeout');
  // Time between two pieces of an upload; the proxy's own limit for silent clients does that.
  scope.inherited('proxy_send_timeout');
  if (read === undefined) return {};
  const answer = duration(read);
  return { timeout: { answer, ...(isWebsocket(scope) ? { silence: answer } : {}) } };
}

/** nginx takes `60`, `60s` and `1h30m`; a number alone is seconds. */
function duration({ args: [text = ''] }: Directive): string {
  return /^\d+$/.test(text) ? `${text}s` : text.replaceAll(' ', '');
}

const statuses: ReadonlySet<number> = new Set([403, 404, 500, 502, 503, 504]);

/** Without a word nginx tries every server of an upstream once, on errors and time-outs; so does Timonel. */
function retry(scope: Scope, servers: number): Pick<RouteSetting, 'retry'> {
  const next = scope.last('proxy_next_upstream');
  const tries = Number(scope.last('proxy_next_upstream_tries')?.args[0] ?? 0);
  scope.inherited('proxy_next_upstream_timeout');
  if (next === undefined) return tries === 0 ? {} : { retry: { attempts: tries } };
  if (next.args.includes('off')) return { retry: { attempts: 1 } };
  const asked = next.args.flatMap((one) => /^http_(\d{3})$/.exec(one)?.[1] ?? []).map(Number);
  const known = asked.filter((one) => statuses.has(one));
  if (known.length < asked.length || next.args.includes('non_idempotent')) scope.ledger.leave(next, 'retry-case');
  const attempts = Math.min(20, tries === 0 ? Math.max(servers, 2) : tries);
  return { retry: { attempts, ...(known.length === 0 ? {} : { statuses: known }) } };
}
