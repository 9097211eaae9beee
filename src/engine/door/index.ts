import type { Door } from '#rollout/door.ts';
import { analyse } from './analysing.ts';
import { check } from './check.ts';
import { drain, hold, route, unhold } from './flow.ts';
import { ensureProject, expose, forgetProject, listen, prepare } from './foundation.ts';
import { releaseCommand, remove, resume, start, stop } from './instances.ts';
import { observe } from './observing.ts';
import { awaitReady } from './ready.ts';
import { commit, park, prune } from './records.ts';
import type { Scope } from './scope.ts';
import { verify } from './verify.ts';

/** The door of one step that runs: each method is one function of this folder. */
export function openDoor(scope: Scope): Door {
  return {
    check: () => check(scope),
    prepare: (service) => prepare(scope, service),
    ensureProject: () => ensureProject(scope),
    listen: (step) => listen(scope, step),
    expose: (side) => expose(scope, side),
    forgetProject: () => forgetProject(scope),
    releaseCommand: (service) => releaseCommand(scope, service),
    start: (service, instance) => start(scope, service, instance),
    resume: (_service, instance) => resume(scope, instance),
    stop: (service, instance) => stop(scope, service, instance),
    remove: (_service, instance) => remove(scope, instance),
    awaitReady: (service, instance, tolerated) => awaitReady(scope, { service, instance, tolerated }),
    route: (service, rotation) => route(scope, service, rotation),
    hold: (service) => hold(scope, service),
    unhold: (service) => unhold(scope, service),
    drain: (service, instance) => drain(scope, service, instance),
    wait: (forMs) => waitSinceStart(scope, forMs),
    observe: (service, instances, forMs) => observe(scope, { service, instances, forMs }),
    analyse: (step) => analyse(scope, step),
    verify: () => verify(scope),
    commit: (as) => commit(scope, as),
    park: (service, instances, forMs) => park(scope, { service, instances, forMs }),
    prune: () => prune(scope),
  };
}

/** A pause that a restart does not begin anew. */
async function waitSinceStart({ ctx, signal, startedAt }: Scope, forMs: number): Promise<void> {
  const { clock } = ctx.parts.world;
  const left = startedAt + forMs - clock.now();
  if (left > 0) await clock.wait(left, signal);
}
