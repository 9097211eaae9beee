import { fail, type TimonelError } from '#core/errors.ts';
import type { ObservedInstance } from '#model/instance.ts';
import type { ServiceSpec } from '#model/spec.ts';
import { completedWell } from '#rollout/observed.ts';
import { servingIds } from '#rollout/traffic/edits.ts';
import { until } from '../waiting.ts';
import { backendsOf } from './flow.ts';
import type { Scope } from './scope.ts';

/** An instance that is just being asked may need a moment to have answered. */
const patienceMs = 10_000;

/**
 * Success is what was observed: every desired instance runs, is healthy, has the fingerprint that the release recorded,
 * and gets requests from the proxy. Services that the deployment did not touch must run, but may be as ill as before.
 */
export async function verify(scope: Scope): Promise<void> {
  const { ctx, signal } = scope;
  const { clock } = ctx.parts.world;
  const giveUpAt = clock.now() + patienceMs;
  let wrong: TimonelError | undefined;
  const right = async (): Promise<boolean> => {
    wrong = await firstFault(scope);
    return wrong === undefined || clock.now() >= giveUpAt;
  };
  await until(right, { clock, signal, fastestMs: 50, slowestMs: 500 });
  if (wrong !== undefined) throw wrong;
}

async function firstFault(scope: Scope): Promise<TimonelError | undefined> {
  const instances = new Map((await scope.ctx.observeInstances()).map((one) => [one.id, one]));
  for (const spec of Object.values(scope.ctx.target?.services ?? {})) {
    const fault = spec.oneShot ? oneShotFault(spec, instances) : await serviceFault(scope, spec, instances);
    if (fault !== undefined) return fault;
  }
  return undefined;
}

type Instances = ReadonlyMap<string, ObservedInstance>;

function oneShotFault(spec: ServiceSpec, instances: Instances): TimonelError | undefined {
  const own = [...instances.values()].filter((one) => one.service === spec.name);
  const done = own.some((one) => one.fingerprint === spec.fingerprint && completedWell(one) === true);
  return done ? undefined : fail('VERIFY_COUNT', { service: spec.name, expected: 1, found: 0 });
}

async function serviceFault(scope: Scope, spec: ServiceSpec, instances: Instances): Promise<TimonelError | undefined> {
  const { ctx } = scope;
  const service = spec.name;
  const serving = servingIds(ctx.parts.traffic.of(ctx.project)[service]);
  const excused = [...ctx.tolerated].filter((id) => id.startsWith(`${service}-r`)).length;
  if (serving.length + excused < spec.replicas)
    return fail('VERIFY_COUNT', { service, expected: spec.replicas, found: serving.length });
  for (const instance of serving) {
    const fault = instanceFault(scope, spec, { id: instance, found: instances.get(instance) });
    if (fault !== undefined) return fault;
  }
  return routingFault(scope, service, serving);
}

function instanceFault(
  { ctx }: Scope,
  spec: ServiceSpec,
  { id, found }: { readonly id: string; readonly found: ObservedInstance | undefined },
): TimonelError | undefined {
  const facts = { service: spec.name, instance: id };
  if (found?.state !== 'running') return fail('VERIFY_NOT_RUNNING', facts);
  if (found.fingerprint !== spec.fingerprint)
    return fail('VERIFY_OTHER_FINGERPRINT', { ...facts, expected: spec.fingerprint, found: found.fingerprint });
  const touched = ctx.plan.steps.some((step) => step.kind === 'gate' && step.instance === id);
  return touched && !ctx.parts.book.isHealthy(ctx.project, id) ? fail('VERIFY_NOT_HEALTHY', facts) : undefined;
}

/** Does the proxy itself say that it sends each of them requests? Sick ones that were not touched are excused. */
async function routingFault(
  { ctx }: Scope,
  service: string,
  serving: readonly string[],
): Promise<TimonelError | undefined> {
  const { balancer } = ctx.parts.world;
  const traffic = ctx.parts.traffic.of(ctx.project)[service];
  const backends = backendsOf(ctx.project, service, traffic);
  if (backends.length === 0) return undefined;
  const counters = await balancer.observe(backends);
  for (const instance of serving.filter((id) => !ctx.parts.traffic.isSick(ctx.project, id))) {
    const ports = traffic?.members.find((one) => one.id === instance)?.ports ?? [];
    const ready = counters.filter((one) => one.server === instance && one.state === 'ready').length;
    if (ready < ports.length) return fail('VERIFY_NOT_ROUTED', { service, instance });
  }
  return undefined;
}
