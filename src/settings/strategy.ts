import type { Service, UpdateConfig } from '#model/project.ts';
import type { Endpoint } from '#model/route.ts';
import type { Batches, HoldOptions, Observe, Strategy, StrategyReason } from '#model/spec.ts';
import { resolveCanary } from './canary.ts';
import { durationOr } from './quantity.ts';
import type { ProjectSettings, ServiceSettings } from './schema.ts';

interface Input {
  readonly service: Service;
  readonly settings: ServiceSettings;
  readonly project: ProjectSettings;
  readonly endpoints: readonly Endpoint[];
}

const warmDefaultMs = 10 * 60_000;

/**
 * How a service is replaced. What the user chose wins; else a service with data of its own, or one that speaks no
 * HTTP, is recreated (two writers on one volume corrupt it, and a TCP connection cannot be moved); the rest rolls.
 */
export function resolveStrategy(input: Input): { readonly strategy: Strategy; readonly reason: StrategyReason } {
  const chosen = input.settings.strategy ?? input.project.strategy;
  if (input.settings.strategy !== undefined)
    return { strategy: complete(input.settings.strategy, input), reason: 'chosen' };
  if (hasOwnData(input.service) && input.settings.shareVolumes !== true)
    return { strategy: { kind: 'recreate' }, reason: 'volume' };
  if (input.endpoints.some((endpoint) => endpoint.protocol === 'tcp'))
    return { strategy: { kind: 'recreate' }, reason: 'tcp' };
  // Said for the whole project, it is meant for those that have requests to share.
  const fits = kindOf(chosen) !== 'canary' || input.endpoints.length > 0;
  if (chosen !== undefined && fits) return { strategy: complete(chosen, input), reason: 'chosen' };
  return { strategy: complete('rolling', input), reason: 'default' };
}

/** A writable volume or folder of the host that two instances would write at once. */
function hasOwnData(service: Service): boolean {
  return (service.volumes ?? []).some(
    (mount) =>
      (mount.type === 'volume' || mount.type === 'bind') && mount.read_only !== true && mount.source !== undefined,
  );
}

function kindOf(chosen: ServiceSettings['strategy']): string | undefined {
  return typeof chosen === 'object' ? chosen.kind : chosen;
}

function complete(chosen: NonNullable<ServiceSettings['strategy']>, input: Input): Strategy {
  if (chosen === 'rolling') return rolling({ kind: 'rolling' }, input.service);
  if (chosen === 'blue-green') return { kind: 'blue-green', warmMs: warmDefaultMs };
  if (chosen === 'recreate') return { kind: 'recreate' };
  if (chosen === 'canary') return resolveCanary({ kind: 'canary' });
  switch (chosen.kind) {
    case 'recreate':
      return { kind: 'recreate' };
    case 'canary':
      return resolveCanary(chosen);
    case 'blue-green':
      return { kind: 'blue-green', warmMs: chosen.warm ?? warmDefaultMs };
    case 'rolling':
      return rolling(chosen, input.service);
    default:
      return chosen satisfies never;
  }
}

type RollingOptions = Extract<NonNullable<ServiceSettings['strategy']>, { kind: 'rolling' }>;

function rolling(options: RollingOptions, { deploy }: Service): Strategy {
  const back = deploy?.rollback_config;
  return {
    kind: 'rolling',
    ...batches(options, deploy?.update_config ?? {}),
    ...(back === undefined || back === null ? {} : { back: batches({}, back) }),
  };
}

/**
 * `deploy.update_config` or `rollback_config` with the defaults of the Compose Deploy Specification, but for two: the
 * order is start-first, because stop-first drops capacity, and a failure rolls back, because a pause leaves two releases
 * serving.
 */
function batches(options: Omit<RollingOptions, 'kind'>, update: UpdateConfig): Batches {
  return {
    parallelism: options.parallelism ?? update.parallelism ?? 1,
    delayMs: options.delay ?? durationOr(update.delay, 0),
    order: options.order ?? (update.order === 'stop-first' ? 'stop-first' : 'start-first'),
    failureAction: options.failureAction ?? failureAction(update.failure_action),
    monitorMs: options.monitor ?? durationOr(update.monitor, 0),
    maxFailureRatio: options.maxFailureRatio ?? update.max_failure_ratio ?? 0,
  };
}

function failureAction(text: string | undefined): Batches['failureAction'] {
  return text === 'pause' || text === 'continue' ? text : 'rollback';
}

const observeDefaults: Observe = { forMs: 5000, errorRatio: 0.25, minRequests: 20 };

/** The watch after the switch; `false` keeps none. */
export function resolveObserve(settings: ServiceSettings, project: ProjectSettings): Observe {
  const chosen = settings.observe ?? project.observe ?? true;
  if (chosen === true) return observeDefaults;
  if (chosen === false) return { ...observeDefaults, forMs: 0 };
  if (typeof chosen === 'number') return { ...observeDefaults, forMs: chosen };
  return {
    forMs: chosen.for ?? observeDefaults.forMs,
    errorRatio: chosen.errorRatio ?? observeDefaults.errorRatio,
    minRequests: chosen.minRequests ?? observeDefaults.minRequests,
  };
}

export const holdDefaults: HoldOptions = { maxMs: 30_000, limit: 1000 };

/** How long requests wait during a `recreate` or a pause; `false` lets them fail at once. */
export function resolveHold(settings: ServiceSettings, project: ProjectSettings): HoldOptions {
  const chosen = settings.hold ?? project.hold ?? true;
  if (chosen === true) return holdDefaults;
  if (chosen === false) return { maxMs: 0, limit: 0 };
  if (typeof chosen === 'number') return { ...holdDefaults, maxMs: chosen };
  return { maxMs: chosen.for ?? holdDefaults.maxMs, limit: chosen.limit ?? holdDefaults.limit };
}
