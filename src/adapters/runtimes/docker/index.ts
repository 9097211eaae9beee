import type { Clock } from '#world/clock.ts';
import type { Runtime } from '#world/runtime.ts';
import { assemble } from './assemble.ts';
import { checkService } from './check.ts';
import { execIn } from './container/exec.ts';
import { runHooks } from './container/hooks.ts';
import {
  demandInstance,
  observeInstance,
  observeInstances,
  removeInstance,
  restartInstance,
} from './container/instances.ts';
import { runOnce } from './container/run-once.ts';
import { startInstance } from './container/start.ts';
import { stopContainer } from './container/stop.ts';
import { type Deadlines, defaultDeadlines } from './engine/deadlines.ts';
import { pruneImages } from './images/prune.ts';
import { containerName } from './names.ts';
import { ensureProject, removeProject } from './project.ts';
import { demandReady } from './ready.ts';
import { removeVolume } from './volumes.ts';

export interface DockerOptions {
  /** The home's folder; the runtime keeps its part in `docker/`. */
  readonly home: string;
  /** The engine's socket; else the one that DOCKER_HOST names, else /var/run/docker.sock. */
  readonly socketPath?: string;
  readonly clock: Clock;
  readonly deadlines?: Partial<Deadlines>;
}

/** The runtime that runs instances as containers of a Docker Engine (20.10 or newer) on this host. */
export function createDockerRuntime(options: DockerOptions): Runtime {
  const world = assemble({ ...options, deadlines: { ...defaultDeadlines, ...options.deadlines } });
  const { engine, events, parts } = world;
  return {
    kind: 'docker',
    ready: async () => {
      await demandReady(engine);
      await (await parts()).addresses.restore();
    },
    check: (spec, locate) => checkService(spec, locate, engine.knownApi),
    resolveSource: async (request, signal) => (await parts()).images.resolve(request, signal),
    prepare: async (spec, project, progress, signal) =>
      (await parts()).images.prepare({ spec, project, progress, signal }),
    isPrepared: async (spec, project) => (await parts()).images.isPrepared(spec, project),
    ensureProject: async (model) => ensureProject(await parts(), model),
    serviceAddress: async (project, service) => (await parts()).addresses.of(project, service),
    start: async (instance, signal) => {
      const all = await parts();
      await startInstance(all, instance, signal);
      await runHooks(all, await demandInstance(all, instance.project, instance.id), 'post_start');
      return observeInstance(all, instance.project, instance.id);
    },
    restart: async (project, id, signal) => restartInstance(await parts(), project, id, signal),
    stop: async (project, id, how) => stopContainer(await parts(), containerName(project, id), how),
    remove: async (project, id) => removeInstance(await parts(), project, id),
    observe: async (project) => observeInstances(await parts(), project),
    exec: async (project, id, command, timeoutMs) => {
      const { Id } = await demandInstance(await parts(), project, id);
      return execIn(engine, { container: Id, command, timeoutMs });
    },
    runOnce: async (instance, command, timeoutMs, signal) =>
      runOnce(await parts(), { instance, command, timeoutMs, signal }),
    logs: async function* (query, signal) {
      yield* (await parts()).logs.read(query, signal);
    },
    watch: (listener) =>
      events((event) => {
        const exit = event.kind === 'end' ? event.exit : undefined;
        listener({ project: event.project, instance: event.instance, exit });
      }),
    prune: async (project, keep) => {
      const { images, logs, clock } = await parts();
      await pruneImages({ engine, ledger: images.ledger, project, keep });
      await logs.prune(project, clock.now());
    },
    removeVolume: (name) => removeVolume(engine, name),
    removeProject: async (project) => removeProject(await parts(), project),
    close: async () => world.close(),
  };
}
