import { isAddressRange } from '#core/address-range.ts';
import { type Finding, finding } from '#core/finding.ts';
import { type Demand, demands } from '#core/messages/demands.ts';
import type {
  BreakerExpression,
  ClientKey,
  OutlierRule,
  PolicyRule,
  RoutePolicy,
  StickyCookie,
} from '#model/policy.ts';
import type { ServiceSettings } from '#settings/schema.ts';
import type { Locate } from '#world/runtime.ts';
import { parseUser } from './middlewares/basic-auth.ts';
import { ExpressionError, parseBreakerExpression } from './middlewares/breaker-expression.ts';
import { texts } from './middlewares/compress.ts';
import { hasBody, statusRange } from './middlewares/errors.ts';
import type { NamedServices } from './named-services.ts';
import { securityRules } from './security-preset.ts';

type Refuse = (key: string, demand: Demand) => void;

export type RouteSetting = Extract<NonNullable<ServiceSettings['route']>, { readonly port?: unknown }>;

interface Input {
  readonly setting: RouteSetting;
  /** Path of the route in the Compose model. */
  readonly path: readonly (string | number)[];
  /** Those that may have pages for it. */
  readonly services: NamedServices;
  readonly locate: Locate;
}

/** The policy that `x-timonel.route` asks for; none when it asks for nothing. */
export function settingsPolicy({ setting, path, services, locate }: Input): {
  readonly policy: RoutePolicy | undefined;
  readonly findings: readonly Finding[];
} {
  const findings: Finding[] = [];
  const refuse: Refuse = (key, { en, es }) => {
    const full = [...path, key];
    const facts = { path: full.join('.'), demand: en, demandEs: es };
    findings.push(finding('error', 'SETTINGS_VALUE', facts, locate(full)));
  };
  const parts = partsOf({ setting, services, refuse });
  const rules = order.flatMap((key) => (setting[key] === undefined ? [] : parts[key]()));
  const sticky = stickyOf(setting);
  const outliers = outliersOf(setting);
  const isEmpty = rules.length === 0 && sticky === undefined && outliers === undefined && setting.scheme !== 'https';
  const policy: RoutePolicy = {
    rules,
    ...(sticky === undefined ? {} : { sticky }),
    ...(outliers === undefined ? {} : { outliers }),
    ...(setting.scheme === 'https' ? { scheme: 'https' } : {}),
  };
  return { policy: isEmpty ? undefined : policy, findings };
}

/**
 * The order in which a request meets them, and its answer in reverse: the headers of answers first, so that they are
 * set whatever happens; then the pages that stand for what all others refuse. Who may not come is sent away before what
 * costs, and what is cheap to refuse is refused first.
 */
const order = [
  ...['responseHeaders', 'security', 'errorPages', 'allow', 'cors', 'rateLimit', 'inFlight', 'basicAuth', 'redirect'],
  ...['maxBody', 'breaker', 'retry', 'timeout', 'stripPrefix', 'rewrite', 'addPrefix', 'requestHeaders', 'compress'],
] as readonly Key[];

type Key =
  | ('allow' | 'cors' | 'rateLimit' | 'inFlight' | 'basicAuth' | 'redirect' | 'maxBody' | 'breaker' | 'retry')
  | ('timeout' | 'stripPrefix' | 'rewrite' | 'addPrefix' | 'requestHeaders' | 'security' | 'responseHeaders')
  | ('compress' | 'errorPages');

interface Reading {
  readonly setting: RouteSetting;
  readonly services: NamedServices;
  readonly refuse: Refuse;
}

function partsOf({ setting, services, refuse }: Reading): Readonly<Record<Key, () => readonly PolicyRule[]>> {
  return {
    errorPages: () => list(setting.errorPages).flatMap((one) => pagesRule(one, services, refuse)),
    allow: () => allowRules(setting.allow ?? [], refuse),
    cors: () => corsRules(setting.cors),
    rateLimit: () => list(setting.rateLimit).map(rateLimitRule),
    inFlight: () => inFlightRules(setting.inFlight),
    basicAuth: () => authRules(setting.basicAuth, refuse),
    redirect: () =>
      list(setting.redirect).map(({ from, to, permanent = false }) => ({
        ...{ kind: 'redirect-regex', pattern: from, replacement: to, permanent },
      })),
    maxBody: () => (setting.maxBody === undefined ? [] : [{ kind: 'body-limit', bytes: setting.maxBody }]),
    breaker: () => breakerRules(setting.breaker, refuse),
    retry: () => retryRules(setting.retry),
    timeout: () => timeoutRules(setting.timeout),
    stripPrefix: () => [{ kind: 'strip-prefix', prefixes: list(setting.stripPrefix) }],
    rewrite: () =>
      list(setting.rewrite).map(({ from, to }) => ({ kind: 'replace-path-regex', pattern: from, replacement: to })),
    addPrefix: () => (setting.addPrefix === undefined ? [] : [{ kind: 'add-prefix', prefix: setting.addPrefix }]),
    requestHeaders: () => [{ kind: 'request-headers', set: headersOf(setting.requestHeaders) }],
    responseHeaders: () => [{ kind: 'response-headers', set: headersOf(setting.responseHeaders) }],
    security: () => securityRules(setting.security),
    compress: () => (setting.compress === true ? [{ kind: 'compress', types: texts }] : []),
  };
}

function list<T>(value: T | readonly T[] | undefined): readonly T[] {
  return value === undefined ? [] : ([value].flat() as readonly T[]);
}

function headersOf(record: Readonly<Record<string, string>> | undefined) {
  return Object.entries(record ?? {}).map(([name, value]) => ({ name, value }));
}

function allowRules(ranges: readonly string[], refuse: Reading['refuse']): readonly PolicyRule[] {
  if (!ranges.every(isAddressRange)) refuse('allow', demands.ranges);
  return [{ kind: 'ip-allow', ranges, status: 403 }];
}

type Pages = Exclude<RouteSetting['errorPages'], undefined | readonly unknown[]>;

function pagesRule(wanted: Pages, services: NamedServices, refuse: Reading['refuse']): readonly PolicyRule[] {
  const { status, service, port, path = '/', rewrite = {}, headers } = wanted;
  const place = services.find(service, port);
  if (place?.port === undefined) {
    const { en, es } = demands.pagesService;
    refuse('errorPages', { en: `${en}, not "${service}"`, es: `${es}, no "${service}"` });
    return [];
  }
  const statuses = list(status).map((one) => statusRange(String(one)));
  const rewrites = Object.entries(rewrite).map(([from, to]) => {
    const range = statusRange(from);
    return range === undefined || !hasBody(to) ? undefined : { ...range, status: to };
  });
  if (statuses.includes(undefined)) refuse('errorPages', demands.statusRange);
  if (rewrites.includes(undefined)) refuse('errorPages', demands.rewriteRange);
  return [
    {
      ...{ kind: 'error-pages', statuses: statuses.filter((one) => one !== undefined) },
      rewrites: rewrites.filter((one) => one !== undefined),
      ...{ service: place.service, port: place.port, query: path },
      ...(headers === undefined ? {} : { headers }),
    },
  ];
}

type RateLimit = Extract<NonNullable<RouteSetting['rateLimit']>, { readonly by?: unknown }>;

function rateLimitRule({ average = 1, period = 1000, burst = average, windows, by }: RateLimit): PolicyRule {
  const key = keyOf(by);
  if (windows === undefined) {
    return { kind: 'rate-limit', key, allowance: { kind: 'bucket', average, periodMs: period, burst } };
  }
  const plain = windows.map(({ requests, per }) => ({ requests, perMs: per }));
  return { kind: 'rate-limit', key, allowance: { kind: 'windows', windows: plain } };
}

function keyOf(by: RateLimit['by']): ClientKey {
  if (by === undefined || by === 'address') return { kind: 'address' };
  if (by === 'host') return { kind: 'host' };
  return 'header' in by ? { kind: 'header', name: by.header.toLowerCase() } : { kind: 'jwt-claim', claim: by.claim };
}

function inFlightRules(wanted: RouteSetting['inFlight']): readonly PolicyRule[] {
  if (wanted === undefined) return [];
  const { amount, by } = typeof wanted === 'number' ? { amount: wanted, by: undefined } : wanted;
  return [{ kind: 'in-flight', key: keyOf(by), amount }];
}

function authRules(wanted: RouteSetting['basicAuth'], refuse: Reading['refuse']): readonly PolicyRule[] {
  if (wanted === undefined) return [];
  const users = wanted.users.map(parseUser);
  if (users.includes(undefined)) refuse('basicAuth', demands.users);
  const { realm = 'timonel', keepHeader = false, userHeader } = wanted;
  return [
    {
      ...{ kind: 'basic-auth', users: users.filter((one) => one !== undefined), realm, removeHeader: !keepHeader },
      ...(userHeader === undefined ? {} : { userHeader }),
    },
  ];
}

function corsRules(wanted: RouteSetting['cors']): readonly PolicyRule[] {
  if (wanted === undefined) return [];
  const { origins, methods = ['GET', 'HEAD', 'POST'], headers = [], expose = [], credentials = false, maxAge } = wanted;
  return [
    {
      ...{ kind: 'cors', origins, originPatterns: [], methods, headers, exposeHeaders: expose, credentials },
      ...(maxAge === undefined ? {} : { maxAgeSeconds: Math.round(maxAge / 1000) }),
    },
  ];
}

function breakerRules(wanted: RouteSetting['breaker'], refuse: Reading['refuse']): readonly PolicyRule[] {
  if (wanted === undefined) return [];
  const { when, check, pause, recovery, status } = typeof wanted === 'string' ? { when: wanted } : wanted;
  const expression = readExpression(when, refuse);
  if (expression === undefined) return [];
  return [
    {
      ...{ kind: 'breaker', expression, checkPeriodMs: check ?? 100, fallbackMs: pause ?? 10_000 },
      ...{ recoveryMs: recovery ?? 10_000, status: status ?? 503 },
    },
  ];
}

function readExpression(text: string, refuse: Reading['refuse']): BreakerExpression | undefined {
  try {
    return parseBreakerExpression(text);
  } catch (error) {
    if (!(error instanceof ExpressionError)) throw error;
    refuse('breaker', {
      en: `an expression; at character ${error.column}: ${error.message}`,
      es: `una expresión; en el carácter ${error.column}: ${error.message}`,
    });
    return undefined;
  }
}

function retryRules(wanted: RouteSetting['retry']): readonly PolicyRule[] {
  if (wanted === undefined) return [];
  const { attempts, interval, statuses = [] } = wanted;
  return [{ kind: 'retry', attempts, statuses, ...(interval === undefined ? {} : { initialIntervalMs: interval }) }];
}

function timeoutRules(wanted: RouteSetting['timeout']): readonly PolicyRule[] {
  const { answer, silence } = wanted ?? {};
  return [
    {
      kind: 'timeout',
      ...(answer === undefined ? {} : { answerMs: answer }),
      ...(silence === undefined ? {} : { silenceMs: silence }),
    },
  ];
}

function outliersOf({ outliers }: RouteSetting): OutlierRule | undefined {
  if (outliers === undefined) return undefined;
  const {
    consecutive = 5,
    excess = 0.3,
    minRequests = 20,
    maxShare = 0.5,
    ...times
  } = outliers === true ? {} : outliers;
  const { window = 10_000, pause = 30_000, maxPause = 300_000 } = times;
  return {
    ...{ consecutive, excess, minRequests, windowMs: window, pauseMs: pause },
    ...{ mostPauseMs: Math.max(pause, maxPause), mostShare: maxShare },
  };
}

function stickyOf({ sticky }: RouteSetting): StickyCookie | undefined {
  if (sticky === undefined) return undefined;
  if (sticky === true) return { name: 'timonel', secure: false, httpOnly: true, sameSite: 'lax' };
  const { cookie, secure = false, sameSite, maxAge } = sticky;
  return {
    ...{ name: cookie, secure, httpOnly: true },
    ...(sameSite === undefined ? {} : { sameSite }),
    ...(maxAge === undefined ? {} : { maxAgeSeconds: Math.round(maxAge / 1000) }),
  };
}
