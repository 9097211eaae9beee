import { type Finding, finding } from '#core/finding.ts';
import type { Location } from '#core/location.ts';
import type { PolicyRule, RoutePolicy } from '#model/policy.ts';

/** As many as the proxy follows at once for one request. */
const keyLimit = 3;

interface Input {
  readonly policy: RoutePolicy | undefined;
  readonly route: string;
  readonly at?: Location | undefined;
}

/** What a policy asks for that each of its rules could have, but not all together. */
export function inspectPolicy({ policy, route, at }: Input): Finding[] {
  if (policy === undefined || countersOf(policy.rules) <= keyLimit) return [];
  return [finding('error', 'POLICY_TOO_MANY_KEYS', { route, limit: keyLimit }, at)];
}

/** Rules with one key share a counter, except that each set of windows, and logins, need one of their own. */
function countersOf(rules: readonly PolicyRule[]): number {
  const keys = new Set<string>();
  const windows = new Map<string, number>();
  let logins = 0;
  for (const rule of rules) {
    if (rule.kind === 'basic-auth') logins = 1;
    if (rule.kind !== 'rate-limit' && rule.kind !== 'in-flight') continue;
    const key = JSON.stringify(rule.key);
    keys.add(key);
    if (rule.kind === 'rate-limit' && rule.allowance.kind === 'windows') windows.set(key, (windows.get(key) ?? 0) + 1);
  }
  // The proxy counts the tries of a request too where it waits between them.
  const tries = rules.some((rule) => rule.kind === 'retry' && rule.statuses.length > 0 && rule.initialIntervalMs)
    ? 1
    : 0;
  return keys.size + logins + tries + [...windows.values()].reduce((sum, count) => sum + count - 1, 0);
}
