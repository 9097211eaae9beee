import type { PolicyRule, RoutePolicy } from '#model/policy.ts';
import type { startInstance, TestInstance } from './instance.ts';
import { type Stage, setStage, tableOf } from './proxy-stage.ts';

interface Options {
  readonly answer?: Parameters<typeof startInstance>[3];
  readonly trustedProxies?: readonly string[];
  /** What the policy has beside its rules. */
  readonly policy?: Omit<RoutePolicy, 'rules'>;
}

/** A stage with one instance behind a route that takes every request and has these rules. */
export async function setPolicyStage(
  rules: readonly PolicyRule[],
  { answer, policy, ...options }: Options = {},
): Promise<Stage & { readonly web: TestInstance }> {
  const stage = await setStage(options);
  try {
    const web = await stage.start('web-r1-1', answer);
    await stage.balancer.apply(tableOf({ servers: [web.server()], routes: [{ policy: { rules, ...policy } }] }));
    return { ...stage, web };
  } catch (error) {
    await stage[Symbol.asyncDispose]();
    throw error;
  }
}

/** How often each status came. */
export function tally(answers: readonly { readonly status: number }[]): Readonly<Record<number, number>> {
  const counts: Record<number, number> = {};
  for (const { status } of answers) counts[status] = (counts[status] ?? 0) + 1;
  return counts;
}
