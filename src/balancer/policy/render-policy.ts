import { fingerprint } from '#core/hash.ts';
import type { PolicyKind, PolicyRule } from '#model/policy.ts';
import type { Route } from '#model/route.ts';
import { routeMark } from '../names.ts';
import { quote } from '../quote.ts';
import { hostAllow, ipAllow } from './allow.ts';
import { basicAuth } from './basic-auth.ts';
import { bodyLimit } from './body-limit.ts';
import { breaker } from './breaker.ts';
import { compress } from './compress.ts';
import { cors } from './cors.ts';
import { type Counters, planCounters, tableSection, trackRules } from './counters.ts';
import { hsts, requestHeaders, responseHeaders } from './headers.ts';
import { inFlight } from './in-flight.ts';
import { addPrefix, replacePath, replacePathRegex, stripPrefix, stripPrefixRegex } from './path.ts';
import type { Pieces, PolicyFiles, Renderer, RuleContext } from './pieces.ts';
import { rateLimit } from './rate-limit.ts';
import { redirectRegex, redirectScheme } from './redirect.ts';
import { retry } from './retry.ts';
import { stickySettings } from './sticky.ts';
import { timeout } from './timeout.ts';

/** The closed set of rules: a new kind does not compile until it is rendered. */
const renderers: { readonly [K in PolicyKind]: Renderer<K> } = {
  'rate-limit': rateLimit,
  'in-flight': inFlight,
  breaker,
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
  readonly sections: readonly string[];
}

/** What a route's policy is called in tables, maps and samples. */
export function policyId(route: Pick<Route, 'project' | 'name'>): string {
  return fingerprint([route.project, route.name]);
}

/**
 * Renders the policies of all routes of one backend, the route with the highest priority first. Every rule asks for
 * the route's mark, so requests through published ports, from neighbours and from a stopping worker pass untouched.
 */
export function renderPolicies(routes: readonly Route[], name: string, options: PolicyOptions): BackendPolicy {
  const sticky = routes.map((route) => route.policy?.sticky).find((one) => one !== undefined);
  const rendered = routes.map((route) => renderRoute(route, { ...options, isSticky: sticky !== undefined }));
  const settings = Object.assign({}, ...rendered.map((one) => one.settings).toReversed()) as Record<
    string,
    readonly string[]
  >;
  const stick = sticky === undefined ? [] : stickySettings(sticky, fingerprint([options.handover, name]));
  return {
    // Filters see the data in the order in which they are named.
    settings: [
      ...Object.keys(settings)
        .toSorted()
        .flatMap((key) => settings[key] ?? []),
      ...stick,
    ].map(indent),
    rules: [...rendered.flatMap((one) => one.request), ...new Set(rendered.flatMap((one) => one.answer))].map(indent),
    sections: rendered.flatMap((one) => one.sections.flat()),
  };
}

function indent(line: string): string {
  return `  ${line}`;
}

type RouteOptions = PolicyOptions & { readonly isSticky: boolean };

function renderRoute(route: Route, options: RouteOptions): Required<Pieces> {
  const rules = route.policy?.rules ?? [];
  const id = policyId(route);
  const when = `{ var(txn.route) -m str -- ${quote(routeMark(route))} }`;
  const counters = planCounters(rules, id);
  const pieces = rules.map((rule, index) => renderRule(rule, contextOf(index)));

  function contextOf(index: number): RuleContext {
    const { edge, handover, isSticky } = options;
    return { when, id, index, handover, isSticky, ...edge, files: options, counter: counters.of.get(index) };
  }
  return {
    request: [...tracking(counters, id, when), ...pieces.flatMap((one) => one.request ?? [])],
    answer: pieces.flatMap((one) => one.answer ?? []),
    settings: Object.assign({}, ...pieces.map((one) => one.settings ?? {})) as Record<string, readonly string[]>,
    sections: [
      ...counters.tables.map((table) => tableSection(table, id)),
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
