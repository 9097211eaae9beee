import type { CanaryStep } from '#model/canary.ts';
import type { DependencyCondition } from '#model/project.ts';
import type { Release } from '#model/release.ts';
import type { ServiceSpec, Strategy } from '#model/spec.ts';
import type { Observed } from '#rollout/observed.ts';
import type { PlanInput } from '#rollout/plan-input.ts';
import { makeInstance, nothingObserved, servingObserved } from './observed.ts';
import { canaryStrategy, hostRoute, makeRelease, makeSpec } from './specs.ts';

/** Numbers that are random and the same each time: a failure names its seed. */
export class Dice {
  #state: number;

  constructor(seed: number) {
    this.#state = seed * 2_654_435_761 + 1;
  }

  /** 0 to 1, 1 excluded. */
  next(): number {
    this.#state = (this.#state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(this.#state ^ (this.#state >>> 15), 1 | this.#state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  }

  below(limit: number): number {
    return Math.floor(this.next() * limit);
  }

  chance(share: number): boolean {
    return this.next() < share;
  }

  pick<T>(list: readonly T[]): T {
    return list[this.below(list.length)] as T;
  }
}

const conditions: readonly DependencyCondition[] = ['service_started', 'service_healthy'];

/** A situation that may be met: a project in some state, and a release that it should come to. */
export function generateInput(seed: number): PlanInput {
  const dice = new Dice(seed);
  const names = ['db', 'api', 'web', 'worker', 'extra'].slice(0, 1 + dice.below(5));
  const before = makeRelease(1, generateServices(dice, names, 'old'));
  const target = makeRelease(2, targetServices(dice, names, before));
  const observed = dice.chance(0.15) ? nothingObserved : generateObserved(dice, before);
  return {
    kind: 'deploy',
    target,
    current: observed.serving === undefined ? undefined : before,
    observed,
    force: new Set(dice.chance(0.1) ? [dice.pick(names)] : []),
    isNew: dice.chance(0.8),
    lastOrdinals: {},
    readyMs: {},
    takenPorts: new Set(),
  };
}

function generateServices(dice: Dice, names: readonly string[], code: string): ServiceSpec[] {
  return names.map((name, index) => {
    const earlier = names.slice(0, index).filter(() => dice.chance(0.4));
    const dependsOn = Object.fromEntries(
      earlier.map((one) => [one, { condition: dice.pick(conditions), restart: dice.chance(0.2) }]),
    );
    return makeSpec(name, {
      code,
      dependsOn,
      replicas: 1 + dice.below(4),
      strategy: generateStrategy(dice),
      ...(dice.chance(0.5) ? { routes: [hostRoute(name, `${name}.test`)] } : {}),
      ...(dice.chance(0.2) ? { port: undefined } : {}),
      ...(dice.chance(0.2) ? { releaseCommand: { command: ['migrate'], timeoutMs: 1000 } } : {}),
    });
  });
}

function generateStrategy(dice: Dice): Strategy {
  if (dice.chance(0.2)) return { kind: 'recreate' };
  if (dice.chance(0.3)) return { kind: 'blue-green', warmMs: 60_000 };
  if (dice.chance(0.35)) return canaryStrategy({ steps: canarySteps[dice.below(canarySteps.length)] ?? [] });
  return {
    kind: 'rolling',
    parallelism: dice.below(4),
    delayMs: dice.chance(0.2) ? 100 : 0,
    order: dice.chance(0.25) ? 'stop-first' : 'start-first',
    failureAction: 'rollback',
    monitorMs: dice.chance(0.2) ? 100 : 0,
    maxFailureRatio: 0,
  };
}

const canarySteps: readonly CanaryStep[][] = [
  [5, 25, 50, 100].map((percent) => ({ percent, pause: 1000 })),
  [
    { percent: 0, pause: 'promoted' },
    { percent: 60, pause: 0 },
    { percent: 100, pause: 0 },
  ],
  [{ percent: 100, pause: 0 }],
];

/** Some services as they were, some changed, some gone, some new. */
function targetServices(dice: Dice, names: readonly string[], before: Release): ServiceSpec[] {
  const kept = names.filter((name) => dice.chance(0.85) || name === names[0]);
  const specs = kept.map((name) => {
    const old = before.services[name] as ServiceSpec;
    const dependsOn = Object.fromEntries(Object.entries(old.dependsOn).filter(([one]) => kept.includes(one)));
    const replicas = dice.chance(0.3) ? 1 + dice.below(4) : old.replicas;
    const base = { ...old, dependsOn, replicas };
    if (!dice.chance(0.6)) return base;
    const moved = old.endpoints.length > 0 && dice.chance(0.25);
    const routes = moved ? old.routes.map((route) => ({ ...route, port: 9000 })) : old.routes;
    return makeSpec(name, { ...withoutPrint(base), code: 'new', routes, ...(moved ? movedTo(9000) : {}) });
  });
  return dice.chance(0.2) ? [...specs, makeSpec('fresh', { code: 'new' })] : specs;
}

function movedTo(port: number): Pick<ServiceSpec, 'endpoints'> {
  return { endpoints: [{ port, protocol: 'http', because: 'label' }] };
}

function withoutPrint({ fingerprint: _print, source: _source, ...rest }: ServiceSpec) {
  return rest;
}

function generateObserved(dice: Dice, before: Release): Observed {
  const observed = servingObserved(before, {
    change: (one) => (dice.chance(0.05) ? { ...one, state: 'exited', exit: undefined } : one),
  });
  const names = Object.keys(before.services);
  const leftover = dice.chance(0.3)
    ? [{ ...makeInstance(before, dice.pick(names), 90), fingerprint: 'of a failed release' }]
    : [];
  const warm = dice.chance(0.2) ? [{ ...makeInstance(before, dice.pick(names), 80), fingerprint: 'warm' }] : [];
  return {
    ...observed,
    instances: [...observed.instances, ...leftover, ...warm],
    parked: new Set(warm.map((one) => one.id)),
  };
}
