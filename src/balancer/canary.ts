import type { CanaryRouting } from '#model/canary.ts';
import type { Backend, RouteTable, Server } from '#model/route.ts';
import { conditions } from './conditions.ts';
import { proxyName } from './names.ts';
import { quote } from './quote.ts';

/*
 * A share of the requests is the weights' affair. What weights cannot do is done here: to lead testers to the canary,
 * and to keep a client on its side. Both name an instance themselves (`use-server`), so they need to know who stands on
 * which side now. A map tells; changing it needs no reload.
 */

/** Draws that find an instance of a side in the map. Divides evenly by most numbers of instances. */
const slots = 12;

/** Tickets of sticky clients are drawn from so many: a hundredth of a percent each. */
const tickets = 10_000;

/** Rules of a backend that tells clients apart; nothing while the map names nobody. */
export function canaryRules(backend: Backend, map: string): string[] {
  const { canary } = backend;
  if (canary === undefined || backend.protocol !== 'http') return [];
  const name = proxyName(backend.id);
  const drawn = `str(${name}|),concat(,txn.side,|),concat(,txn.slot),map_str(${map})`;
  return [
    ...canary.match.flatMap((one) =>
      matchCondition(one).map((when) => `http-request set-var(txn.side) str(canary) if ${when}`),
    ),
    ...stickyRules(canary, name, map),
    `http-request set-var(txn.slot) rand(${slots}) if { var(txn.side) -m found }`,
    `http-request set-var(txn.instance) ${drawn} if { var(txn.side) -m found }`,
    'use-server %[var(txn.instance)] if { var(txn.instance) -m found }',
  ].map((line) => `  ${line}`);
}

function matchCondition({ kind, name, value }: CanaryRouting['match'][number]): readonly string[] {
  return kind === 'header'
    ? conditions({ kind: 'header', name, value })
    : [`{ req.cook(${name}) -m str -- ${quote(value)} }`];
}

/**
 * A client draws a ticket once and keeps it in a cookie; tickets below the share are the canary's. So whoever met the
 * canary stays with it while the share grows, and all come back when it is withdrawn.
 */
function stickyRules({ sticky }: CanaryRouting, name: string, map: string): string[] {
  if (sticky === undefined) return [];
  const { cookie, maxAgeSeconds } = sticky;
  const open = '{ var(txn.share) -m found } !{ var(txn.side) -m found }';
  const attributes = `Path=/; Max-Age=${maxAgeSeconds}; HttpOnly; SameSite=Lax`;
  return [
    `http-request set-var(txn.share) str(${name}),map_str(${map}),add(0)`,
    `http-request set-var(txn.ticket) req.cook_val(${cookie}) if ${open} { req.cook(${cookie}) -m reg ^[0-9]{1,4}$ }`,
    // What a stopping worker hands over draws at its successor.
    `http-request set-var(txn.drawn) rand(${tickets}) if ${open} !{ var(txn.ticket) -m found } !{ stopping }`,
    'http-request set-var(txn.ticket) var(txn.drawn) if { var(txn.drawn) -m found }',
    `http-request set-var(txn.beyond) var(txn.ticket),sub(txn.share) if ${open}`,
    `http-request set-var(txn.side) str(canary) if ${open} { var(txn.beyond) -m int lt 0 }`,
    `http-request set-var(txn.side) str(stable) if ${open}`,
    `http-response add-header Set-Cookie "${cookie}=%[var(txn.drawn)]; ${attributes}" if { var(txn.drawn) -m found }`,
  ];
}

/** What the map says while canaries are judged: each draw's instance by side, and the share of sticky clients. */
export function canaryEntries(table: RouteTable): ReadonlyMap<string, string> {
  return new Map(Object.values(table.backends).flatMap(entriesOf));
}

function entriesOf(backend: Backend): [string, string][] {
  const { canary, servers } = backend;
  const ready = servers.filter((one) => one.state === 'ready');
  const canaries = ready.filter((one) => one.side === 'canary');
  if (canary === undefined || canaries.length === 0) return [];
  const name = proxyName(backend.id);
  const stables = ready.filter((one) => one.side !== 'canary');
  const share = Math.round((tickets * weightOf(canaries)) / Math.max(1, weightOf(ready)));
  return [
    ...drawsOf(`${name}|canary|`, canaries),
    ...(canary.sticky === undefined
      ? []
      : [[name, String(share)] as [string, string], ...drawsOf(`${name}|stable|`, stables)]),
  ];
}

function weightOf(servers: readonly Server[]): number {
  return servers.reduce((sum, one) => sum + one.weight, 0);
}

function drawsOf(key: string, servers: readonly Server[]): [string, string][] {
  if (servers.length === 0) return [];
  return Array.from({ length: slots }, (_, slot) => [`${key}${slot}`, servers[slot % servers.length]?.id ?? '']);
}

/** The map file that a starting proxy reads. */
export function canaryMapText(entries: ReadonlyMap<string, string>): string {
  return [...entries].map(([key, value]) => `${key} ${value}\n`).join('');
}

/** Commands that make the live map equal `wanted`. */
export function canaryCommands(
  wanted: ReadonlyMap<string, string>,
  live: ReadonlyMap<string, string>,
  map: string,
): readonly string[] {
  const changed = [...wanted].filter(([key, value]) => live.get(key) !== value);
  return [
    ...changed.map(([key, value]) => `${live.has(key) ? 'set' : 'add'} map ${map} ${key} ${value}`),
    ...[...live.keys()].filter((key) => !wanted.has(key)).map((key) => `del map ${map} ${key}`),
  ];
}
