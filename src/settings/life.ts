import type { Service } from '#model/project.ts';
import type { RestartPolicy } from '#model/spec.ts';
import { durationOr } from './quantity.ts';

/**
 * The restart policy: `deploy.restart_policy` wins over `restart`, as in Compose. Where the file says nothing, a
 * service that ends is started again: Compose's own default (`no`) leaves a crashed system down until somebody looks.
 */
export function resolveRestart(service: Service): RestartPolicy {
  const policy = service.deploy?.restart_policy;
  if (policy !== undefined) {
    return {
      condition: condition(policy.condition ?? 'any'),
      delayMs: durationOr(policy.delay, 0),
      maxAttempts: policy.max_attempts,
      windowMs: durationOr(policy.window, 0),
    };
  }
  const [word, count] = (service.restart ?? 'any').split(':');
  return {
    condition: condition(word ?? 'any'),
    delayMs: 0,
    maxAttempts: count === undefined ? undefined : Number(count),
    windowMs: 0,
  };
}

function condition(word: string): RestartPolicy['condition'] {
  if (word === 'no' || word === 'none') return 'none';
  return word === 'on-failure' ? 'on-failure' : 'any';
}

/** Compose's default grace is 10 s, its default signal SIGTERM. */
export function resolveStop(service: Service): { readonly stopSignal: string; readonly stopGraceMs: number } {
  return { stopSignal: service.stop_signal ?? 'SIGTERM', stopGraceMs: durationOr(service.stop_grace_period, 10_000) };
}

/** How many instances: `scale`, else `deploy.replicas`, else one. */
export function resolveReplicas(service: Service): number {
  return service.scale ?? service.deploy?.replicas ?? 1;
}
