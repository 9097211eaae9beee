import { type Finding, finding } from '#core/finding.ts';
import type { Balance, Endpoint } from '#model/route.ts';
import type { Strategy } from '#model/spec.ts';
import type { Locate } from '#world/runtime.ts';

interface Input {
  readonly name: string;
  readonly strategy: Strategy;
  readonly endpoints: readonly Endpoint[];
  readonly balance: Balance;
  readonly locate: Locate;
}

/** Can the service's requests be shared out exactly? Says why not, and with which balance they are. */
export function settleCanary({ name, strategy, endpoints, balance, locate }: Input): {
  readonly balance: Balance;
  readonly findings: readonly Finding[];
} {
  if (strategy.kind !== 'canary') return { balance, findings: [] };
  const at = locate(['services', name, 'x-timonel', 'strategy']) ?? locate(['services', name]);
  if (!endpoints.some((endpoint) => endpoint.protocol === 'http'))
    return { balance, findings: [finding('error', 'CANARY_NEEDS_HTTP', { service: name }, at)] };
  if (balance === 'leastconn')
    return { balance: 'roundrobin', findings: [finding('warning', 'CANARY_LEASTCONN', { service: name }, at)] };
  return { balance, findings: [] };
}
