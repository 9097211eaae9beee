import type { Step, StepBody, StepCause } from '#model/plan.ts';
import type { ServiceSpec } from '#model/spec.ts';
import type { Exposure } from '#model/traffic.ts';
import type { Assessment } from './assess.ts';
import { isSame } from './changes/diff.ts';
import { makeStep } from './make-step.ts';
import { dependenciesOf } from './order.ts';
import type { PlanParts } from './plan-input.ts';
import { retireSteps } from './retire.ts';
import { ServiceSteps } from './strategies/service-steps.ts';
import type { ServicePlan } from './strategies/strategy.ts';
import { planService } from './strategies/table.ts';
import { canaryRoutingOf, rotationOf } from './traffic/edits.ts';

/** Equal shares for equal instances; room on both sides for weights that are not. */
const fullWeight = 100;

/** The wanted service of an assessment. */
type Wanted = Assessment & { readonly spec: ServiceSpec };

/**
 * The steps, in an order that respects `after`: prepare everything, then bring every service over by its strategy,
 * publish, watch, verify, commit; only then take the old away.
 */
export function planSteps(parts: PlanParts): readonly Step[] {
  const publishes = exposureChanges(parts);
  if (!publishes && isNothingToDo(parts)) return [];
  return new Planning(parts, publishes ? 'publishes' : 'as published').steps();
}

function isNothingToDo(parts: PlanParts): boolean {
  const { observed, target, assessments } = parts;
  const settled = assessments.every((one) => !isTouched(one) && (one.spec === undefined || !isNewService(parts, one)));
  return settled && !observed.stopped && observed.serving === target.number;
}

function isTouched(one: Assessment): boolean {
  return one.fresh.length + one.leaving.length > 0 || (one.spec === undefined && one.stale.length > 0);
}

function isNewService(parts: PlanParts, one: Assessment): boolean {
  return parts.observed.traffic[one.change.service] === undefined;
}

function exposureChanges({ observed, exposures }: PlanParts): boolean {
  const names = new Set([...Object.keys(observed.traffic), ...Object.keys(exposures)]);
  return [...names].some((name) => !isSame(observed.traffic[name]?.exposure ?? none, exposures[name] ?? none));
}

const none = { routes: [], published: [] };

/** What services wait for: before they start, and before the proxy carries them. */
interface Foundation {
  readonly ready: readonly string[];
  readonly listening: readonly string[];
}

class Planning {
  readonly #parts: PlanParts;
  /** Does the outside see anything else afterwards? */
  readonly #outside: 'publishes' | 'as published';
  readonly #steps: Step[] = [];
  readonly #plans = new Map<string, ServicePlan>();
  /** What dependents wait for, by service. */
  readonly #started = new Map<string, readonly string[]>();
  readonly #ready = new Map<string, readonly string[]>();

  constructor(parts: PlanParts, outside: 'publishes' | 'as published') {
    this.#parts = parts;
    this.#outside = outside;
  }

  steps(): readonly Step[] {
    const foundation = this.#foundation();
    for (const one of this.#wanted()) this.#service(one, foundation);
    const published = this.#publish(foundation.listening);
    const watched = this.#finishServices(published);
    const verified = this.#add({ kind: 'verify' }, watched, 'always');
    const committed = this.#add({ kind: 'commit', as: 'serving' }, [verified], 'always');
    const retired = retireSteps(this.#parts, this.#plans, [committed]);
    this.#steps.push(...retired);
    this.#tidy(retired, committed);
    return this.#steps;
  }

  #wanted(): Wanted[] {
    return this.#parts.assessments.filter((one): one is Wanted => one.spec !== undefined);
  }

  /** What must be there before any service changes; nothing that serves is touched yet. */
  #foundation(): Foundation {
    const { observed } = this.#parts;
    const checked = this.#add({ kind: 'check' }, [], 'always');
    const starting = this.#wanted().filter((one) => one.fresh.length > 0);
    const prepared = starting.map((one) =>
      this.#add({ kind: 'prepare', service: one.spec.name }, [checked], one.change.action, one.spec),
    );
    const fresh = Object.keys(observed.traffic).length === 0 && observed.instances.length === 0;
    const isNew = this.#wanted().some((one) => isNewService(this.#parts, one));
    const ensured =
      prepared.length > 0 || isNew
        ? [this.#add({ kind: 'ensure-project', fresh }, prepared.length > 0 ? prepared : [checked], 'always')]
        : [checked];
    const services = this.#wanted()
      .filter((one) => this.#listensAnew(one))
      .map((one) => one.spec.name);
    if (services.length === 0) return { ready: ensured, listening: ensured };
    const publish = this.#publishesFirst() ? 'now' : 'later';
    return {
      ready: ensured,
      listening: [this.#add({ kind: 'listen', services, side: 'both', publish }, ensured, 'always')],
    };
  }

  /** The first routes of a project take requests from nobody, so they need not wait until somebody answers. */
  #publishesFirst(): boolean {
    const { observed, exposures } = this.#parts;
    const isShown = (exposure: Exposure | undefined) =>
      exposure !== undefined && exposure.routes.length + exposure.published.length > 0;
    if (Object.values(observed.traffic).some((traffic) => isShown(traffic.exposure))) return false;
    return this.#wanted().every((one) => !isShown(exposures[one.spec.name]) || isNewService(this.#parts, one));
  }

  #listensAnew({ spec }: Wanted): boolean {
    const traffic = this.#parts.observed.traffic[spec.name];
    if (traffic === undefined || traffic.balance !== spec.balance) return true;
    if (!isSame(traffic.canary, canaryRoutingOf(spec))) return true;
    return spec.endpoints.some(
      ({ port, protocol }) => !traffic.endpoints.some((one) => one.port === port && one.protocol === protocol),
    );
  }

  #service(one: Wanted, { ready, listening }: Foundation): void {
    const { spec, fresh, kept, leaving, change, restructured } = one;
    const { kind } = this.#parts;
    const rotation = rotationOf(this.#parts.observed.traffic[spec.name]);
    const joins = kept.some((id) => !spec.oneShot && !rotation.some((serving) => serving.instance === id));
    if (!isTouched(one) && !joins) return;
    // A service that nobody knows yet comes up while the proxy learns of it: a reload takes half a second.
    const begin = isNewService(this.#parts, one) ? ready : listening;
    const after = this.#releaseCommand(one, [...begin, ...this.#dependencies(spec)]);
    const cause = change.action;
    const later = begin === listening ? [] : listening;
    const steps = new ServiceSteps({ service: spec.name, spec, cause, after, listening: later, weight: fullWeight });
    const plan = spec.oneShot
      ? runToEnd(one, steps)
      : planService({ service: spec.name, kind, spec, fresh, kept, leaving, rotation, restructured }, steps);
    this.#steps.push(...steps.all);
    this.#plans.set(spec.name, plan);
    this.#started.set(spec.name, plan.started);
    this.#ready.set(spec.name, plan.ready);
  }

  #dependencies(spec: ServiceSpec): readonly string[] {
    return dependenciesOf(this.#parts.target.services, spec.name).flatMap((name) =>
      spec.dependsOn[name]?.condition === 'service_started'
        ? (this.#started.get(name) ?? [])
        : (this.#ready.get(name) ?? []),
    );
  }

  /** Only a deployment of a release that never served runs it: not a rollback, a restart or a scale. */
  #releaseCommand({ spec, fresh, change }: Wanted, after: readonly string[]): readonly string[] {
    const { isNew, kind } = this.#parts;
    if (spec.releaseCommand === undefined || !isNew || kind !== 'deploy' || fresh.length === 0) return after;
    return [this.#add({ kind: 'release-command', service: spec.name }, after, change.action, spec)];
  }

  /** One change of the outer side for the whole project, once every service is ready for it. */
  #publish(begin: readonly string[]): readonly string[] {
    if (this.#outside === 'as published' || this.#publishesFirst()) return [];
    const ready = [...this.#ready.values()].flat();
    return [this.#add({ kind: 'expose', side: 'target' }, ready.length > 0 ? ready : begin, 'always')];
  }

  /** What is left after publishing, and the watch where there is something to return to. */
  #finishServices(published: readonly string[]): readonly string[] {
    const last: string[] = [...published];
    for (const one of this.#wanted()) {
      const plan = this.#plans.get(one.spec.name);
      if (plan === undefined) continue;
      const known = plan.steps.all.length;
      const finished = plan.finish?.(published.length > 0 ? published : plan.ready);
      const settled = finished === undefined ? [...plan.ready, ...published] : [finished];
      const watches = one.leaving.length > 0 && one.fresh.length + one.kept.length > 0 && replaces(one);
      const { forMs } = one.spec.observe;
      if (watches && forMs > 0) last.push(plan.steps.observe([...one.fresh, ...one.kept], forMs, settled));
      else last.push(...settled);
      this.#steps.push(...plan.steps.all.slice(known));
    }
    return last.length > 0 ? [...new Set(last)] : this.#steps.map((step) => step.id);
  }

  /** Inner addresses that nobody uses any more, and sources that no kept release needs. */
  #tidy(retired: readonly Step[], committed: string): void {
    const after = retired.length > 0 ? ends(retired) : [committed];
    const { assessments } = this.#parts;
    const narrowed = assessments
      .filter((one) => one.spec === undefined || this.#narrows(one))
      .map((one) => one.change.service);
    const last =
      narrowed.length > 0
        ? [this.#add({ kind: 'listen', services: narrowed, side: 'target', publish: 'later' }, after, 'always')]
        : after;
    this.#add({ kind: 'prune' }, last, 'always');
  }

  #narrows({ spec, change }: Assessment): boolean {
    const before = this.#parts.observed.traffic[change.service]?.endpoints ?? [];
    return before.some(({ port }) => !spec?.endpoints.some((one) => one.port === port));
  }

  #add(body: StepBody, after: readonly string[], cause: StepCause, spec?: ServiceSpec): string {
    const step = makeStep(body, { after, cause, spec });
    this.#steps.push(step);
    return step.id;
  }
}

/** Ids of the steps that no other of them waits for. */
function ends(steps: readonly Step[]): readonly string[] {
  const awaited = new Set<string>();
  for (const step of steps) for (const id of step.after) awaited.add(id);
  return steps.filter((step) => !awaited.has(step.id)).map((step) => step.id);
}

/** Does something else serve afterwards? Fewer of the same need no watch. */
function replaces(one: Assessment): boolean {
  return one.change.action === 'replace';
}

/** A one-shot service takes no traffic: it is started, and ready once it has ended well. */
function runToEnd(one: Wanted, steps: ServiceSteps): ServicePlan {
  const up = steps.bringUp(one.fresh, steps.begin, 0);
  const running = one.kept.map((id) => steps.await(id, steps.begin));
  return { steps, started: up.started, ready: [...up.ready, ...running], leftovers: 'retire' };
}
