import type { Plan, Step, StepBody } from '#model/plan.ts';
import type { Release } from '#model/release.ts';
import { makeStep } from './make-step.ts';
import type { Observed } from './observed.ts';
import { dependenciesOf, isKeptOpen, orderOfEnds } from './order.ts';
import { planVersion, servingNow } from './plan.ts';
import { servingIds } from './traffic/edits.ts';

interface DownInput {
  readonly project: string;
  /** The release that serves, for its stop times and its order; undefined when none ever did. */
  readonly current: Release | undefined;
  readonly observed: Observed;
}

/**
 * Takes a project down: no new requests, then each service drained and stopped, dependents first, the stops of services
 * that do not depend on each other side by side. Connections that are kept open are not waited for: they end when the
 * service does. It is recorded as stopped before anything happens, so a crash on the way goes on going down. Volumes stay.
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
  const recorded = add({ kind: 'commit', as: 'stopped' }, []);
  let idle = [add({ kind: 'expose', side: 'nothing' }, [recorded])];
  const ends = new Map<string, readonly string[]>();
  const existing = Map.groupBy(observed.instances, (one) => one.service);
  for (const service of orderDown(services, new Set([...existing.keys(), ...Object.keys(observed.traffic)]))) {
    const after = [...idle, ...usersOf(services, service).flatMap((name) => ends.get(name) ?? [])];
    const instances = (existing.get(service) ?? []).map((one) => one.id);
    const back = servingIds(observed.traffic[service]).map((instance) => ({ instance, weight: 100 }));
    const unrouted = service in observed.traffic ? [add({ kind: 'route', service, to: [], back }, after)] : after;
    const finish = (instance: string) => add({ kind: 'drain', service, instance }, unrouted, service);
    const steps = instances.map((instance) => {
      const finished = isKeptOpen(services[service]) ? unrouted : [finish(instance)];
      const stopped = add({ kind: 'stop', service, instance }, finished, service);
      return { finished, removed: add({ kind: 'remove', service, instance }, [stopped], service) };
    });
    idle = steps.length === 0 ? unrouted : [...new Set(steps.flatMap((one) => one.finished))];
    ends.set(service, steps.length === 0 ? unrouted : steps.map((one) => one.removed));
  }
  add({ kind: 'forget-project' }, ends.size === 0 ? idle : [...new Set([...ends.values()].flat())]);
  return steps;
}

/**
 * Whose end a service waits for: that of its dependents, and where connections to it are kept open, that of everybody
 * whose are. The others need each other's answers only until their last request is answered.
 */
function usersOf(services: Release['services'], name: string): readonly string[] {
  const others = Object.keys(services).filter((other) => other !== name);
  const keepsOpen = (other: string) => isKeptOpen(services[name]) && !isKeptOpen(services[other]);
  return others.filter((other) => keepsOpen(other) || dependenciesOf(services, other).includes(name));
}

/** Dependents first; services that the release does not know come before all. */
function orderDown(services: Release['services'], present: ReadonlySet<string>): readonly string[] {
  const known = orderOfEnds(services);
  const foreign = [...present].filter((name) => !(name in services));
  return [...foreign, ...known.filter((name) => present.has(name))];
}
