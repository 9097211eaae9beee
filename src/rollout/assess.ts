import type { Cause, Change } from '#model/change.ts';
import type { ObservedInstance } from '#model/instance.ts';
import type { Release } from '#model/release.ts';
import type { ServiceSpec } from '#model/spec.ts';
import { causesOf } from './changes/causes.ts';
import { completedWell, isUp, type Observed } from './observed.ts';
import { expectedPauseMs } from './pause.ts';
import { servingIds } from './traffic/edits.ts';

/** What a deployment finds of one service, and so has to do. Lists are ids of instances. */
export interface Assessment {
  readonly change: Change;
  /** As the target release wants it; undefined for a service that goes. */
  readonly spec: ServiceSpec | undefined;
  /** To be started. */
  readonly fresh: readonly string[];
  /** Right as they are. */
  readonly kept: readonly string[];
  /** Serve now, and are replaced or no longer wanted. */
  readonly leaving: readonly string[];
  /** Kept warm by an earlier deployment, and not needed by this one. */
  readonly parked: readonly string[];
  /** Left behind: serve nobody. */
  readonly stale: readonly string[];
  /** It listens on other ports than before, so old and new stand behind different backends. */
  readonly restructured: boolean;
}

export interface AssessInput {
  readonly target: Release;
  readonly current: Release | undefined;
  readonly observed: Observed;
  readonly force: ReadonlySet<string>;
  /** Highest ordinal used in ids of the target release's instances, by service. */
  readonly lastOrdinals: Readonly<Record<string, number>>;
  /** How long the service's last start took until it was ready, milliseconds, where known. */
  readonly readyMs: Readonly<Record<string, number>>;
}

interface Case extends AssessInput {
  readonly name: string;
  readonly existing: readonly ObservedInstance[];
}

/** One assessment for each service of `order` (the target's), then for those that go. */
export function assess(input: AssessInput, order: readonly string[]): readonly Assessment[] {
  const existing = Map.groupBy(input.observed.instances, (one) => one.service);
  const wanted = assessWanted(input, order, existing);
  const known = new Set([...existing.keys(), ...Object.keys(input.observed.traffic)]);
  const gone = [...known].filter((name) => !(name in input.target.services));
  return [...wanted, ...gone.map((name) => assessGone({ ...input, name, existing: existing.get(name) ?? [] }))];
}

function assessWanted(
  input: AssessInput,
  order: readonly string[],
  existing: ReadonlyMap<string, readonly ObservedInstance[]>,
): Assessment[] {
  const replaced = new Set<string>();
  return order.flatMap((name) => {
    const spec = input.target.services[name];
    if (spec === undefined) return [];
    const pulledBy = Object.keys(spec.dependsOn).find((one) => spec.dependsOn[one]?.restart && replaced.has(one));
    const one = assessOne({ ...input, name, existing: existing.get(name) ?? [] }, spec, pulledBy);
    if (one.change.action === 'replace') replaced.add(name);
    return [one];
  });
}

function assessOne(input: Case, spec: ServiceSpec, pulledBy: string | undefined): Assessment {
  const forced = input.force.has(input.name) || pulledBy !== undefined;
  const { kept, leaving, parked, stale } = sort(input, spec, forced);
  const missing = Math.max(0, spec.replicas - kept.length);
  const fresh = newIds(input, missing);
  const action = actionOf(input, spec, { fresh, leaving, forced });
  return {
    spec,
    fresh,
    kept,
    leaving,
    parked,
    stale,
    restructured: leaving.length > 0 && otherPorts(input, spec),
    change: {
      service: input.name,
      action,
      strategy: spec.strategy.kind,
      strategyReason: spec.strategyReason,
      ...(spec.strategy.kind === 'canary' ? { shares: spec.strategy.steps.map((step) => step.percent) } : {}),
      causes: causesFor(input, spec, pulledBy),
      pause: leaving.length > 0 && fresh.length > 0 ? expectedPauseMs(spec, input.readyMs[input.name]) : undefined,
    },
  };
}

type Sorted = Pick<Assessment, 'kept' | 'leaving' | 'parked' | 'stale'>;

/** Which of the existing instances stay, go, wait warm, or were left behind. */
function sort(input: Case, spec: ServiceSpec, forced: boolean): Sorted {
  const serving = new Set(servingIds(input.observed.traffic[input.name]));
  const isParked = (one: ObservedInstance) => input.observed.parked.has(one.id);
  const fits = (one: ObservedInstance) =>
    !forced && one.fingerprint === spec.fingerprint && (spec.oneShot ? runsOrRan(one) : isUp(one));
  const usable = input.existing.filter((one) => fits(one) && (spec.oneShot || serving.has(one.id) || isParked(one)));
  const byUse = usable.toSorted((a, b) => Number(serving.has(b.id)) - Number(serving.has(a.id)) || newestLast(a, b));
  const kept = byUse.slice(0, spec.replicas);
  const others = kept.length === input.existing.length ? [] : input.existing.filter((one) => !kept.includes(one));
  return {
    kept: ids(kept),
    leaving: ids(others.filter((one) => serving.has(one.id))),
    parked: ids(others.filter((one) => !serving.has(one.id) && isParked(one))),
    stale: ids(others.filter((one) => !serving.has(one.id) && !isParked(one))),
  };
}

function runsOrRan(one: ObservedInstance): boolean {
  return isUp(one) || completedWell(one) === true;
}

function newestLast(a: ObservedInstance, b: ObservedInstance): number {
  return a.release - b.release || ordinalOf(a.id) - ordinalOf(b.id);
}

/** The last part of `SERVICE-rRELEASE-N`. */
function ordinalOf(id: string): number {
  return Number(id.slice(id.lastIndexOf('-') + 1));
}

function ids(list: readonly ObservedInstance[]): string[] {
  return list.map((one) => one.id);
}

function newIds(input: Case, count: number): string[] {
  const last = input.lastOrdinals[input.name] ?? 0;
  return Array.from({ length: count }, (_, index) => `${input.name}-r${input.target.number}-${last + index + 1}`);
}

interface Found {
  readonly fresh: readonly string[];
  readonly leaving: readonly string[];
  readonly forced: boolean;
}

function actionOf(input: Case, spec: ServiceSpec, { fresh, leaving, forced }: Found): Change['action'] {
  const isOld = (one: ObservedInstance) => forced || one.fingerprint !== spec.fingerprint;
  if (input.existing.some((one) => leaving.includes(one.id) && isOld(one))) return 'replace';
  if (fresh.length > 0 && !input.existing.some((one) => isUp(one) && !isOld(one)))
    return spec.oneShot && input.existing.length > 0 ? 'replace' : 'create';
  return fresh.length + leaving.length > 0 ? 'scale' : 'keep';
}

function otherPorts(input: Case, spec: ServiceSpec): boolean {
  const before = new Set(input.observed.traffic[input.name]?.endpoints.map((endpoint) => endpoint.port));
  return before.size !== spec.endpoints.length || spec.endpoints.some((endpoint) => !before.has(endpoint.port));
}

function causesFor(input: Case, spec: ServiceSpec, pulledBy: string | undefined): readonly Cause[] {
  const before = input.current?.services[input.name];
  const causes = before === undefined || before === spec ? [] : [...causesOf(before, spec)];
  if (input.force.has(input.name)) causes.push({ path: 'restart', from: undefined, to: 'requested' });
  if (pulledBy !== undefined) causes.push({ path: `depends_on.${pulledBy}.restart`, from: undefined, to: true });
  for (const one of input.existing) {
    const died = !spec.oneShot && !isUp(one) && servingIds(input.observed.traffic[input.name]).includes(one.id);
    if (died) causes.push({ path: `instances.${one.id}`, from: one.state, to: 'running' });
  }
  return causes;
}

function assessGone(input: Case): Assessment {
  const serving = new Set(servingIds(input.observed.traffic[input.name]));
  const spec = input.current?.services[input.name];
  return {
    spec: undefined,
    fresh: [],
    kept: [],
    leaving: ids(input.existing.filter((one) => serving.has(one.id))),
    parked: [],
    stale: ids(input.existing.filter((one) => !serving.has(one.id))),
    restructured: false,
    change: {
      service: input.name,
      action: 'remove',
      strategy: spec?.strategy.kind ?? 'recreate',
      strategyReason: spec?.strategyReason ?? 'default',
      causes: [],
      pause: undefined,
    },
  };
}
