import type { Plan, Step } from '#model/plan.ts';
import type { Observed } from '#rollout/observed.ts';
import { servingIds } from '#rollout/traffic/edits.ts';

/** The project as a plan's steps change it, in a few sets: enough to say what must never happen. */
export interface Simulated {
  readonly running: ReadonlySet<string>;
  readonly ready: ReadonlySet<string>;
  readonly existing: ReadonlySet<string>;
  readonly serving: Readonly<Record<string, readonly string[]>>;
  readonly held: ReadonlySet<string>;
  /** Which side of the plan the outside sees. */
  readonly exposed: 'target' | 'baseline' | 'nothing';
  readonly committed: boolean;
}

export function simulate(observed: Observed): Simulated {
  const up = observed.instances.filter((one) => one.state === 'running').map((one) => one.id);
  return {
    running: new Set(up),
    ready: new Set(up),
    existing: new Set(observed.instances.map((one) => one.id)),
    serving: Object.fromEntries(
      Object.entries(observed.traffic).map(([name, traffic]) => [name, servingIds(traffic).toSorted()]),
    ),
    held: new Set(),
    exposed: 'baseline',
    committed: false,
  };
}

/** What the world is like after the step; doing it twice is doing it once. */
export function afterStep(now: Simulated, step: Step): Simulated {
  switch (step.kind) {
    case 'start':
    case 'resume':
      return { ...now, running: plus(now.running, step.instance), existing: plus(now.existing, step.instance) };
    case 'gate':
      return { ...now, ready: plus(now.ready, step.instance) };
    case 'stop':
      return { ...now, running: minus(now.running, step.instance), ready: minus(now.ready, step.instance) };
    case 'remove':
      return { ...now, existing: minus(now.existing, step.instance) };
    case 'route':
      return { ...now, serving: { ...now.serving, [step.service]: step.to.map((one) => one.instance).toSorted() } };
    case 'hold':
      return { ...now, held: plus(now.held, step.service) };
    case 'unhold':
      return { ...now, held: minus(now.held, step.service) };
    case 'expose':
      return { ...now, exposed: step.side };
    case 'commit':
      return { ...now, committed: true };
    default:
      return now;
  }
}

/** What must not be, whatever comes next. */
export function faultsOf(now: Simulated, plan: Plan, mayBeSilent: ReadonlySet<string>): string[] {
  const faults: string[] = [];
  for (const [service, serving] of Object.entries(now.serving)) {
    for (const id of serving) {
      if (!now.running.has(id)) faults.push(`${id} gets requests and does not run`);
      if (!now.ready.has(id)) faults.push(`${id} gets requests before it is ready`);
    }
    const before = servingIds(plan.baseline[service]);
    const silent = serving.length === 0 && before.length > 0 && !mayBeSilent.has(service);
    if (silent && !now.held.has(service)) faults.push(`nobody serves ${service}`);
  }
  return faults;
}

function plus<T>(set: ReadonlySet<T>, one: T): ReadonlySet<T> {
  return new Set(set).add(one);
}

function minus<T>(set: ReadonlySet<T>, one: T): ReadonlySet<T> {
  const rest = new Set(set);
  rest.delete(one);
  return rest;
}
