import { fingerprint } from '#core/hash.ts';
import type { ClientKey, PolicyRule } from '#model/policy.ts';
import { counterPeers } from '../counter-handover.ts';
import { quote } from '../quote.ts';
import { bucketTimes } from './bucket-times.ts';
import { slotsOfWindow } from './window-limit.ts';

/** A table whose entries count the requests of one client, and where a rule finds its numbers in an entry. */
export interface Counter {
  /** Which of the request's counters: `sc0` to `sc2`. */
  readonly sc: number;
  /** The first of the entry's numbers that are the rule's own. */
  readonly slot: number;
  /** The table's name. */
  readonly table: string;
}

interface Table {
  readonly sc: number;
  readonly key: ClientKey | 'failed-login';
  /** For each token bucket the units in a second of the time that it keeps. */
  buckets: readonly number[];
  /** How long each window is, milliseconds. */
  windows: readonly number[];
  /** How many numbers an entry keeps beside its counters. */
  slots: number;
  inFlight: boolean;
  /** How long an entry means anything, milliseconds. */
  keepMs: number;
}

/** The tables of one route's policy, and for each rule its counter. */
export interface Counters {
  readonly tables: readonly Table[];
  /** By the rule's index. */
  readonly of: ReadonlyMap<number, Counter>;
}

/**
 * Rules with the same key share a table, so that a request is looked up once a key.
 *
 * @param id of the route, in the tables' names
 */
export function planCounters(rules: readonly PolicyRule[], id: string): Counters {
  const tables: Table[] = [];
  const places = new Map<number, { readonly table: Table; readonly slot: number }>();
  rules.forEach((rule, index) => {
    const key = keyOf(rule);
    if (key === undefined) return;
    const isWindows = rule.kind === 'rate-limit' && rule.allowance.kind === 'windows';
    const name = JSON.stringify(key);
    let table = tables.find((one) => JSON.stringify(one.key) === name && !(isWindows && one.windows.length > 0));
    if (table === undefined) {
      table = { sc: tables.length, key, buckets: [], windows: [], slots: 0, inFlight: false, keepMs: 60_000 };
      tables.push(table);
    }
    places.set(index, { table, slot: table.slots });
    extend(table, rule);
  });
  const counter = ({ table, slot }: { readonly table: Table; readonly slot: number }): Counter => ({
    ...{ sc: table.sc, slot, table: tableName(table, id) },
  });
  return { tables, of: new Map([...places].map(([index, place]) => [index, counter(place)])) };
}

function keyOf(rule: PolicyRule): ClientKey | 'failed-login' | undefined {
  if (rule.kind === 'rate-limit' || rule.kind === 'in-flight') return rule.key;
  return rule.kind === 'basic-auth' ? 'failed-login' : undefined;
}

function extend(table: Table, rule: PolicyRule): void {
  if (rule.kind === 'in-flight') table.inFlight = true;
  if (rule.kind === 'basic-auth') table.windows = [loginWindowMs];
  if (rule.kind !== 'rate-limit') return;
  const { allowance } = rule;
  if (allowance.kind === 'windows') {
    table.windows = allowance.windows.map((one) => one.perMs);
    table.slots += slotsOfWindow * table.windows.length;
    table.keepMs = Math.max(table.keepMs, ...table.windows.map((ms) => 2 * ms));
    return;
  }
  table.buckets = [...table.buckets, bucketTimes(allowance).second];
  table.slots += 1;
  table.keepMs = Math.max(table.keepMs, (2 * allowance.burst * allowance.periodMs) / allowance.average);
}

/** Wrong passwords are counted over this long. */
export const loginWindowMs = 60_000;

/** The section that holds a table: a backend that nothing is sent to. */
export function tableSection(table: Table, id: string): string[] {
  const byAddress = table.key === 'failed-login' || table.key.kind === 'address';
  // 100,000 clients, then the least recently seen is forgotten: memory stays bounded.
  return [
    `backend ${tableName(table, id)}`,
    `  stick-table type ${byAddress ? 'ipv6' : 'binary len 32'} size 100k expire ${Math.ceil(table.keepMs / 1000)}s store ${stored(table)} peers ${counterPeers}`,
  ];
}

function stored({ key, slots, windows, inFlight }: Table): string {
  return [
    ...(slots > 0 ? [`gpt(${slots})`] : []),
    ...(windows.length > 0 ? ['gpc0', key === 'failed-login' ? `gpc0_rate(${loginWindowMs}ms)` : 'gpc1'] : []),
    ...(inFlight ? ['conn_cur'] : []),
  ].join(',');
}

/**
 * A worker takes over from its predecessor what a table of the same name counted, so the name says what its numbers
 * mean: a time in microseconds taken for milliseconds would lock a client out for days.
 */
function tableName(table: Table, id: string): string {
  return `.count-${id}-${table.sc}-${fingerprint([table.key, stored(table), table.buckets, table.windows])}`;
}

/** The rules that find a request's entry. Headers are hashed: they may be longer than any key. */
export function trackRules(table: Table, id: string, when: string): string[] {
  const { key, sc } = table;
  const track = (sample: string) => `http-request track-sc${sc} ${sample} table ${tableName(table, id)} if ${when}`;
  if (key === 'failed-login') return [];
  if (key.kind === 'host') return [track('req.fhdr(host),lower,sha2(256)')];
  if (key.kind === 'address') {
    return key.depth === undefined ? [track('src')] : [...addressRules(key.depth, when), track('var(txn.client)')];
  }
  const sample =
    key.kind === 'header' ? `req.fhdr(${key.name})` : `http_auth_bearer,jwt_payload_query(${quote(`$.${key.claim}`)})`;
  return [
    // The letter keeps a header from passing for somebody's address.
    `http-request set-var-fmt(txn.client) a%[src] if ${when}`,
    `http-request set-var-fmt(txn.client) h%[${sample}] if ${when} { ${sample} -m len 1:65535 }`,
    track('var(txn.client),sha2(256)'),
  ];
}

/**
 * The client's address into `txn.client`. Our own hop is the last of X-Forwarded-For by now when a trusted proxy sent
 * the request; else the header has nothing but the peer's address.
 */
export function addressRules(depth: number, when: string): string[] {
  const hop = `req.hdr_ip(x-forwarded-for,-${depth + 1})`;
  return [
    `http-request set-var(txn.client) src if ${when}`,
    `http-request set-var(txn.client) ${hop} if ${when} { ${hop} -m found }`,
  ];
}
