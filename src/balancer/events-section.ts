import type { RequestEnd, RequestEnding } from '#model/metrics.ts';
import type { Sample } from './breaker/window.ts';
import { ownId } from './client-rules.ts';
import { backendOf, handoverFrontend, handoverServer, innerServer, routeNameOf } from './names.ts';

/** At so many requests per second at a frontend, one of so many is told instead of each. */
const shares = [
  { rate: '1001:8000', oneOf: 16, lot: 'rand(16)', told: '0' },
  { rate: 'gt 8000', oneOf: 64, lot: 'rand(64),mul(2),sub(1)', told: '-1' },
] as const;

/**
 * The buffer in which the proxy keeps how its last requests ended, some thousand of them. Readers come over its socket;
 * without one, what is old is forgotten.
 */
export function eventsSection(): string[] {
  return ['ring events', '  format raw', `  maxlen ${longest}`, '  size 1048576'];
}

/** A path may be 1024 bytes long in a line; host and request id are encoded and bounded by what is kept of them. */
const longest = 2048;

/*
 * The lot of a request is drawn when it begins, and only under load: `txn.lot` says 0 or less for those that are told, by
 * which also how many they stand for, and is unset while all are. Writing a line costs more than anything else here (0.74
 * of the requests/s when each is told), and drawing costs next to nothing.
 */
const drawn = '{ var(txn.lot) -m int gt 0 }';

const fields = [
  '%pid',
  '%[var(txn.lot)]',
  // When it began, milliseconds since the epoch; how long it took; how long the instance took to begin its answer.
  '%Ts%ms',
  '%Ta',
  '%Tr',
  '%ST',
  '%ts',
  '%f',
  '%b',
  '%s',
  '%U',
  '%B',
  '%ci',
  '%[var(txn.route)]',
  // What came with an id has it in the first, of what came without the second is true.
  '%[var(txn.id),url_enc]',
  ownId,
  // Method, host and path; unset for a failure that was not drawn.
  '%[var(txn.what)]',
];

/** What all HTTP frontends say about each of their requests. */
export const tellingSettings = [
  `  log ring@events len ${longest} format raw local0`,
  `  log-format '${fields.join(' ')}'`,
];

/** Draws the lot: a frontend's first rules, so that what later ones refuse is told as often as the rest. */
export const lotRules = [
  ...shares.map(({ rate, lot }) => `  http-request set-var(txn.lot) ${lot} if { fe_req_rate ${rate} }`),
  `  http-request set-log-level silent if ${drawn}`,
  // Kept only for those that are told: the line's own fields for it would copy the first line of every request.
  `  http-request set-var-fmt(txn.what) '%[method] %[req.hdr(host),url_enc] %[path]' unless ${drawn}`,
];

/**
 * A backend's last rules. A request that goes to an instance and gets no answer is told in any case: no rule runs any
 * more when that happens, so it must be assumed before, and taken back by the answer.
 */
export const failureRules = [
  '  http-request set-log-level info',
  `  http-response set-log-level silent if ${drawn} !{ status ge 500 }`,
];

/** A request's end as a line tells it, and which worker wrote the line. */
export interface ToldEnd extends RequestEnd {
  readonly pid: number;
  /** For how many it was drawn, 1 while all are told; undefined: it was not, and is told because it failed. */
  readonly drawnFor: number | undefined;
  /** What `txn.route` said: the name by which breakers know it. */
  readonly mark: string | undefined;
  /** A successor tells what a stopping worker handed to it; the access log has it from the first already. */
  readonly takenOver: boolean;
}

/** Reads a line of `tellingSettings`; undefined for anything else. */
export function parseEvent(line: string): ToldEnd | undefined {
  const values = line.trimEnd().split(' ');
  if (values.length < fields.length) return undefined;
  const [pid = '', lot = '', begin = '', took = '', answer = '', code = '', end = '', ...rest] = values;
  const [frontend = '', backend = '', server = '', bytesIn = '', bytesOut = '', client = '', ...names] = rest;
  const [mark = '', id = '', own = '', method = '', host = '', ...path] = names;
  if (!/^\d{13}$/.test(begin)) return undefined;
  const ms = Math.max(0, Number(took));
  const status = Number(code);
  const counted = Number(answer) >= 0;
  const ending = endingOf(end, server);
  const route = given(mark);
  const drawnFor = given(lot) === undefined ? 1 : shares.find((one) => one.told === lot)?.oneOf;
  // Of a request that passes both sides of a policy, the inner one saw how the instance did, the outer one the client.
  const isInner = frontend === innerServer;
  return {
    drawnFor,
    ...{ pid: Number(pid), at: Number(begin) + ms, ms, ending, code: end, counted, client, method },
    weight: (isSilencedUnlessDrawn({ counted, status, ending }) ? drawnFor : undefined) ?? 1,
    status: status > 0 ? status : undefined,
    backend: backendOf(backend),
    route: route === undefined || isInner ? undefined : routeNameOf(route),
    mark: server === innerServer ? undefined : route,
    instance: server.startsWith('.') || server.startsWith('<') ? undefined : server,
    handedOver: server.startsWith(handoverServer),
    takenOver: frontend.startsWith(handoverFrontend),
    ...{ bytesIn: Number(bytesIn), bytesOut: Number(bytesOut) },
    host: decoded(host),
    path: path.length === 0 ? '-' : path.join(' '),
    // Between neighbours a request has no number of its own: its connection has no name.
    requestId: decoded(id) ?? (own.startsWith('-') ? undefined : own),
  };
}

/**
 * Would it have gone untold with another lot? What the proxy answers itself never comes as far as `failureRules`, and an
 * answer that began below 500 is silenced before anybody knows that it will break off.
 */
function isSilencedUnlessDrawn({
  counted,
  status,
  ending,
}: Pick<RequestEnd, 'counted' | 'ending'> & { status: number }) {
  return ending === 'refused' || (counted && status < 500);
}

/**
 * The first letter tells who ended it (configuration manual, "Session state at disconnection"): the client, the server,
 * the proxy by a rule or for a fault of the answer, or nobody before its time.
 */
function endingOf(end: string, server: string): RequestEnding {
  const reached = !server.startsWith('<');
  switch (end[0]) {
    case '-':
      return reached ? 'answered' : 'refused';
    case 'S':
    case 's':
      return 'failed';
    case 'C':
    case 'c':
      return 'abandoned';
    case 'L':
      return 'refused';
    case 'P':
      // `PH`: the proxy could not pass on what the instance answered.
      return end[1] === 'H' && reached ? 'failed' : 'refused';
    default:
      return reached ? 'failed' : 'refused';
  }
}

/**
 * What a breaker learns from it; undefined for what says nothing about the service. It judges after few requests, so it
 * may hear of failures no more often than of successes: only of those that were drawn.
 */
export function sampleOf({ mark, ending, at, ms, status, drawnFor }: ToldEnd): Sample | undefined {
  if (mark === undefined || (ending !== 'answered' && ending !== 'failed')) return undefined;
  if (drawnFor === undefined) return undefined;
  return { route: mark, at, ms, status: status ?? 0, weight: drawnFor, isNetworkError: ending === 'failed' };
}

function given(value: string): string | undefined {
  return value === '-' || value === '' ? undefined : value;
}

function decoded(value: string): string | undefined {
  const text = given(value);
  if (text === undefined) return undefined;
  try {
    return decodeURIComponent(text);
  } catch {
    // Bytes that are no UTF-8 stay as they came.
    return text;
  }
}
