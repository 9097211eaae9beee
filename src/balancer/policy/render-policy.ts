import { fingerprint } from '#core/hash.ts';
import type { PolicyKind, PolicyRule } from '#model/policy.ts';
import type { Route } from '#model/route.ts';
import { policyId, routeMark } from '../names.ts';
import { quote } from '../quote.ts';
import { hostAllow, ipAllow } from './allow.ts';
import { basicAuth } from './basic-auth.ts';
import { bodyLimit } from './body-limit.ts';
import { breaker } from './breaker.ts';
import { compress } from './compress.ts';
import { cors } from './cors.ts';
import { type Counters, planCounters, tableSection, trackRules } from './counters.ts';
import { errorPages } from './error-pages.ts';
import { hsts, requestHeaders, responseHeaders } from './headers.ts';
import { inFlight } from './in-flight.ts';
import { isTriedAgain, outerSection } from './outer-section.ts';
import { addPrefix, replacePath, replacePathRegex, stripPrefix, stripPrefixRegex } from './path.ts';
import type { Pieces, PolicyFiles, Renderer, RuleContext } from './pieces.ts';
import { rateLimit } from './rate-limit.ts';
import { redirectRegex, redirectScheme } from './redirect.ts';
import { retry } from './retry.ts';
import { hasOuterSide, isPaused, placesOn, type Side } from './sides.ts';
import { putCookieAway, stickySettings } from './sticky.ts';
import { timeout } from './timeout.ts';

/** The closed set of rules: a new kind does not compile until it is rendered. */
const renderers: { readonly [K in PolicyKind]: Renderer<K> } = {
  'rate-limit': rateLimit,
  'in-flight': inFlight,
  breaker,
  'error-pages': errorPages,
  retry,
  'body-limit': bodyLimit,
  'request-headers': requestHeaders,
  'response-headers': responseHeaders,
  hsts,
  cors,
  'host-allow': hostAllow,
  'ip-allow': ipAllow,
  'basic-auth': basicAuth,
  'redirect-scheme': redirectScheme,
  'redirect-regex': redirectRegex,
  'strip-prefix': stripPrefix,
  'strip-prefix-regex': stripPrefixRegex,
  'add-prefix': addPrefix,
  'replace-path': replacePath,
  'replace-path-regex': replacePathRegex,
  compress,
  timeout,
};

export interface PolicyOptions extends PolicyFiles {
  readonly edge: { readonly httpPort: number; readonly httpsPort: number };
  /** Different in every home; cookies are computed with it. */
  readonly handover: string;
}

/** What the policies of a backend's routes add to it. Lines of a backend are indented. */
export interface BackendPolicy {
  readonly settings: readonly string[];
  readonly rules: readonly string[];
  /** Those that come after a hold, for what a stopping worker hands over. */
  readonly handedOver: readonly string[];
  readonly sections: readonly string[];
}

/**
 * Renders the policies of all routes of one backend, the route with the highest priority first. Every rule asks for
 * the route's mark, so requests through published ports, from neighbours and from a stopping worker pass untouched.
 */
export function renderPolicies(routes: readonly Route[], name: string, options: PolicyOptions): BackendPolicy {
  const sticky = routes.map((route) => route.policy?.sticky).find((one) => one !== undefined);
  const routeOptions = { ...options, isSticky: sticky !== undefined };
  const inner = routes.map((route) => renderSide(route, 'inner', routeOptions));
  const outer = routes.filter(hasOuterSide).map((route) => ({ route, side: renderSide(route, 'outer', routeOptions) }));
  const stick = sticky === undefined ? [] : stickySettings(sticky, fingerprint([options.handover, name]));
  return {
    settings: [...settingsOf(inner), ...stick.map(indent)],
    rules: rulesOf(inner),
    handedOver: [
      ...new Set([...(sticky === undefined ? [] : putCookieAway), ...inner.flatMap((one) => one.handedOver)]),
    ].map(indent),
    sections: [
      ...[...inner, ...outer.map((one) => one.side)].flatMap((one) => one.sections.flat()),
      ...outer.flatMap(({ route, side }) =>
        outerSection(route, { settings: settingsOf([side]), rules: rulesOf([side]) }, options),
      ),
    ],
  };
}

/** Filters see the data in the order in which they are named. */
function settingsOf(sides: readonly Rendered[]): readonly string[] {
  const settings = Object.assign({}, ...sides.map((one) => one.settings).toReversed()) as Record<
    string,
    readonly string[]
  >;
  return Object.keys(settings)
    .toSorted()
    .flatMap((key) => settings[key] ?? [])
    .map(indent);
}

function rulesOf(sides: readonly Rendered[]): readonly string[] {
  return [...sides.flatMap((one) => one.request), ...new Set(sides.flatMap((one) => one.answer))].map(indent);
}

function indent(line: string): string {
  return `  ${line}`;
}

type RouteOptions = PolicyOptions & { readonly isSticky: boolean };

/** A side's pieces, joined. */
type Rendered = Required<Pick<Pieces, 'request' | 'handedOver' | 'answer' | 'settings' | 'sections'>>;

function renderSide(route: Route, side: Side, options: RouteOptions): Rendered {
  const all = route.policy?.rules ?? [];
  const places = placesOn(side, all);
  const rules = places.flatMap((index) => all[index] ?? []);
  const id = policyId(route);
  // Each side counts for itself.
  const counting = side === 'inner' ? id : `${id}-outer`;
  const took = `{ var(txn.route) -m str -- ${quote(routeMark(route))} }`;
  const counters = planCounters(rules, counting);
  const pieces = rules.map((rule, index) => renderRule(rule, contextOf(rule, index)));

  function contextOf({ kind }: PolicyRule, place: number): RuleContext {
    const { edge, handover, isSticky } = options;
    // A request that is tried again was counted when it was tried first.
    const isCounted = kind === 'rate-limit' && side === 'inner' && all.some(isPaused);
    return {
      ...{ when: isCounted ? `${took} !${isTriedAgain}` : took, id, project: route.project, side },
      ...{ index: places[place] ?? place, handover, isSticky, ...edge },
      ...{ files: options, counter: counters.of.get(place) },
    };
  }
  const linesOf = (part: 'request' | 'lastRequest' | 'handedOver' | 'firstAnswer') =>
    pieces.flatMap((one) => one[part] ?? []);
  return {
    request: [...tracking(counters, counting, took), ...linesOf('request'), ...linesOf('lastRequest')],
    handedOver: linesOf('handedOver'),
    // An answer meets the rules in the opposite order.
    answer: [...linesOf('firstAnswer'), ...pieces.toReversed().flatMap((one) => one.answer ?? [])],
    settings: Object.assign({}, ...pieces.map((one) => one.settings ?? {})) as Record<string, readonly string[]>,
    sections: [
      ...counters.tables.map((table) => tableSection(table, counting)),
      ...pieces.flatMap((one) => one.sections ?? []),
    ],
  };
}

function tracking(counters: Counters, id: string, when: string): string[] {
  return counters.tables.flatMap((table) => trackRules(table, id, when));
}

function renderRule<K extends PolicyKind>(rule: Extract<PolicyRule, { kind: K }>, context: RuleContext): Pieces {
  return (renderers[rule.kind] as Renderer<PolicyKind>)(rule, context);
}
