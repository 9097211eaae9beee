import type { Directive } from './parse.ts';
import type { CountedBy, RateLimit, RouteSetting } from './route.ts';
import type { Scope } from './scope.ts';

interface RateZone {
  readonly by: CountedBy | undefined;
  readonly average: number;
  readonly period: '1s' | '1m';
}

/** The zones of `limit_req_zone` and `limit_conn_zone`: what is counted, and how much of it. */
export interface Zones {
  readonly rates: ReadonlyMap<string, RateZone>;
  readonly connections: ReadonlyMap<string, CountedBy | undefined>;
}

export function readZones(http: Scope): Zones {
  const rates = http.own('limit_req_zone').map((zone): readonly [string, RateZone] => {
    const [, number = '1', unit] = /^(\d+)r\/([sm])$/.exec(option(zone, 'rate') ?? '') ?? [];
    const period = unit === 'm' ? '1m' : '1s';
    return [zoneName(zone), { by: countedBy(zone, http), average: Number(number), period }];
  });
  const connections = http.own('limit_conn_zone').map((zone) => [zoneName(zone), countedBy(zone, http)] as const);
  return { rates: new Map(rates), connections: new Map(connections) };
}

function zoneName(zone: Directive): string {
  return option(zone, 'zone')?.split(':')[0] ?? '';
}

function option({ args }: Directive, name: string): string | undefined {
  return args.find((one) => one.startsWith(`${name}=`))?.slice(name.length + 1);
}

/** What a zone's key stands for; undefined, and reported, when a route cannot count by it. */
function countedBy(zone: Directive, { ledger }: Scope): CountedBy | undefined {
  const key = zone.args[0] ?? '';
  if (/^\$(binary_remote_addr|remote_addr|realip_remote_addr|proxy_add_x_forwarded_for)$/.test(key)) return 'address';
  if (/^\$(host|http_host|server_name)$/.test(key)) return 'host';
  const header = /^\$http_(\w+)$/.exec(key)?.[1];
  if (header !== undefined) return { header: header.replaceAll('_', '-') };
  ledger.leave(zone, 'key');
  return undefined;
}

/** `limit_req` and `limit_conn` as `rateLimit` and `inFlight`. */
export function limitsOf(scope: Scope, zones: Zones): Pick<RouteSetting, 'rateLimit' | 'inFlight'> {
  const rates = scope.inherited('limit_req').flatMap((one) => rateOf(one, scope, zones));
  const [inFlight, ...others] = scope.inherited('limit_conn').flatMap((one) => inFlightOf(one, scope, zones));
  for (const one of others) scope.ledger.leave(one.directive, 'key');
  scope.inherited('limit_req_status', 'limit_conn_status', 'limit_req_log_level', 'limit_conn_log_level');
  return {
    ...(rates.length === 0 ? {} : { rateLimit: rates.length === 1 ? rates[0] : rates }),
    ...(inFlight === undefined ? {} : { inFlight: inFlight.setting }),
  } as Pick<RouteSetting, 'rateLimit' | 'inFlight'>;
}

/** nginx lets `burst` requests in beyond the one that is due, so one more stands in the bucket. */
function rateOf(limit: Directive, scope: Scope, { rates }: Zones): RateLimit[] {
  const { ledger } = scope;
  const zone = rates.get(option(limit, 'zone') ?? '');
  if (zone === undefined) ledger.leave(limit, 'zone');
  if (zone?.by === undefined) return [];
  if (scope.last('limit_req_status')?.args[0] !== '429') ledger.change(limit, 'limit-status');
  const burst = Number(option(limit, 'burst') ?? 0) + 1;
  if (burst > 1 && !limit.args.includes('nodelay')) ledger.change(limit, 'limit-delay');
  const { average, period, by } = zone;
  return [{ average, ...(period === '1s' ? {} : { period }), burst, ...(by === 'address' ? {} : { by }) }];
}

function inFlightOf(limit: Directive, scope: Scope, { connections }: Zones) {
  const { ledger } = scope;
  const name = limit.args[0] ?? '';
  if (!connections.has(name)) ledger.leave(limit, 'zone');
  const by = connections.get(name);
  if (by === undefined) return [];
  if (scope.last('limit_conn_status')?.args[0] !== '429') ledger.change(limit, 'limit-status');
  const amount = Number(limit.args[1] ?? 1);
  return [{ directive: limit, setting: by === 'address' ? amount : { amount, by } }];
}
