import { type Finding, finding } from '#core/finding.ts';
import type { Location } from '#core/location.ts';
import type { PolicyKind, RoutePolicy } from '#model/policy.ts';
import type { Route } from '#model/route.ts';
import { inspectPolicy } from './policy-inspection.ts';

/** A policy of `x-timonel.route` that names no requests of its own: meant for the routes of the labels. */
export interface AddedPolicy {
  readonly policy: RoutePolicy;
  readonly at: Location | undefined;
}

/**
 * The routes of a service's labels with what `x-timonel.route` adds to them, after what the labels say: who keeps a
 * guide's labels can so attach what they forgot. What both say, such as the sticky cookie, `x-timonel` decides.
 */
export function withAddedPolicies(
  service: string,
  labelled: readonly Route[],
  added: readonly AddedPolicy[],
): { readonly routes: readonly Route[]; readonly findings: readonly Finding[] } {
  if (labelled.length === 0) {
    return { routes: [], findings: added.map(({ at }) => finding('error', 'POLICY_NEEDS_MATCH', { service }, at)) };
  }
  if (added.length === 0) return { routes: labelled, findings: [] };
  const routes = labelled.map((route) => ({
    ...route,
    policy: joined([route.policy, ...added.map((one) => one.policy)]),
  }));
  const at = added[0]?.at;
  return { routes, findings: routes.flatMap(({ name, policy }) => inspectPolicy({ policy, route: name, at })) };
}

/** What only touches answers comes first: the last to see an answer has the last word. */
const answering: ReadonlySet<PolicyKind> = new Set(['response-headers', 'hsts']);

function joined(policies: readonly (RoutePolicy | undefined)[]): RoutePolicy {
  const all = policies.flatMap((policy) => policy?.rules ?? []);
  const added = policies.slice(1).flatMap((policy) => policy?.rules ?? []);
  const last = added.filter((rule) => answering.has(rule.kind));
  const rules = [...last, ...all.filter((rule) => !last.includes(rule))];
  return Object.assign({}, ...policies, { rules });
}
