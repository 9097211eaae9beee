import type { Plan, Step, StepBody } from '#model/plan.ts';
import type { Release } from '#model/release.ts';
import { makeStep } from './make-step.ts';
import type { Observed } from './observed.ts';
import { isKeptOpen, orderOfEnds } from './order.ts';
import { planVersion, servingNow } from './plan.ts';
import { servingIds } from './traffic/edits.ts';

interface DownInput {
  readonly project: string;
  /** The release that serves, for its stop times and its order; undefined when none ever did. */
  readonly current: Release | undefined;
  readonly observed: Observed;
}

/**
 * Takes a project down: no new requests, then each service drained and stopped, dependents first. Connections that are
 * kept open are not waited for: they end when the service does. It is recorded as stopped before anything happens, so a
 * crash on the way goes on going down. Volumes stay.
 */
export function planDown(input: DownInput): Plan {
  const { observed, project } = input;
  return {
    version: planVersion,
    project,
    kind: 'down',
    from: servingNow(observed),
    to: observed.serving ?? 0,
    changes: [],
    steps: isDown(observed) ? [] : downSteps(input),
    baseline: observed.traffic,
    exposures: {},
  };
}

function isDown(observed: Observed): boolean {
  const empty = observed.instances.length === 0 && Object.keys(observed.traffic).length === 0;
  return empty && (observed.stopped || observed.serving === undefined);
}

function downSteps({ current, observed }: DownInput): readonly Step[] {
  const services = current?.services ?? {};
  const steps: Step[] = [];
  const add = (body: StepBody, after: readonly string[], service?: string): string => {
    const spec = service === undefined ? undefined : services[service];
    const step = makeStep(body, { after, cause: 'remove', spec });
    steps.push(step);
    return step.id;
  };
  let after = [add({ kind: 'commit', as: 'stopped' }, [])];
  after = [add({ kind: 'expose', side: 'nothing' }, after)];
  const existing = Map.groupBy(observed.instances, (one) => one.service);
  for (const service of orderDown(services, new Set([...existing.keys(), ...Object.keys(observed.traffic)]))) {
    const instances = (existing.get(service) ?? []).map((one) => one.id);
    const back = servingIds(observed.traffic[service]).map((instance) => ({ instance, weight: 100 }));
    const unrouted = service in observed.traffic ? [add({ kind: 'route', service, to: [], back }, after)] : after;
    const removed = instances.map((instance) => {
      const drained = isKeptOpen(services[service])
        ? unrouted
        : [add({ kind: 'drain', service, instance }, unrouted, service)];
      const stopped = add({ kind: 'stop', service, instance }, drained, service);
      return add({ kind: 'remove', service, instance }, [stopped], service);
    });
    after = removed.length > 0 ? removed : unrouted;
  }
  add({ kind: 'forget-project' }, after);
  return steps;
}

/** Dependents first; services that the release does not know come before all. */
function orderDown(services: Release['services'], present: ReadonlySet<string>): readonly string[] {
  const known = orderOfEnds(services);
  const foreign = [...present].filter((name) => !(name in services));
  return [...foreign, ...known.filter((name) => present.has(name))];
}
