import { existsSync } from 'node:fs';
import type { Clock } from '#world/clock.ts';
import type { Runtime } from '#world/runtime.ts';
import { dockerAdoption } from './adoption/index.ts';
import { assemble } from './assemble.ts';
import { checkService } from './check.ts';
import { execIn } from './container/exec.ts';
import {
  demandInstance,
  observeInstances,
  removeInstance,
  restartInstance,
  startInstance,
} from './container/instances.ts';
import { runOnce } from './container/run-once.ts';
import { stopContainer } from './container/stop.ts';
import { type Deadlines, defaultDeadlines } from './engine/deadlines.ts';
import { pruneImages } from './images/prune.ts';
import { containerName } from './names.ts';
import { createExternalNetworks } from './network/ensure-networks.ts';
import type { Parts } from './parts.ts';
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
  /** Bound of a build step's memory, bytes; else TIMONEL_BUILD_MEMORY, else a quarter of the machine. */
  readonly buildMemory?: number;
}

/** The runtime that runs instances as containers of a Docker Engine (20.10 or newer) on this host. */
export function createDockerRuntime(options: DockerOptions): Runtime {
  const world = assemble({ ...options, deadlines: { ...defaultDeadlines, ...options.deadlines } });
  const { engine, events, parts } = world;
  const inTurn = async <T>(project: string, id: string, act: (all: Parts) => Promise<T>): Promise<T> => {
    const all = await parts();
    return all.turns.run(containerName(project, id), () => act(all));
  };
  return {
    kind: 'docker',
    ready: async () => {
      // Before the engine is asked: after a reboot the proxy needs these addresses, whether the engine is up or not.
      const { addresses, diverter } = await parts();
      await addresses.restore();
      await diverter.restore();
      await demandReady(engine);
    },
    // Without a socket nobody is waited for, as an engine that is just restarting is.
    answers: async () => existsSync(engine.socketPath) && engine.answers(),
    check: (spec, locate) => checkService(spec, locate, engine.knownApi),
    resolveSource: async (request, signal) => (await parts()).images.resolve(request, signal),
    prepare: async (spec, project, progress, signal) =>
      (await parts()).images.prepare({ spec, project, progress, signal }),
    rebuild: async (rebuilding) => (await parts()).images.rebuild(rebuilding),
    isPrepared: async (spec, project) => (await parts()).images.isPrepared(spec, project),
    ensureProject: async (model) => ensureProject(await parts(), model),
    createNetworks: async (names) => createExternalNetworks((await parts()).engine, names),
    serviceAddress: async (project, service) => (await parts()).addresses.of(project, service),
    start: (instance, signal) => inTurn(instance.project, instance.id, (all) => startInstance(all, instance, signal)),
    restart: (project, id, signal) => inTurn(project, id, (all) => restartInstance(all, project, id, signal)),
    stop: (project, id, how) =>
      inTurn(project, id, async (all) => stopContainer(all, await all.containers.nameOf(project, id), how)),
    remove: (project, id) => inTurn(project, id, (all) => removeInstance(all, project, id)),
    observe: async (project) => {
      const all = await parts();
      // Projects of another runtime are no reason to ask an engine that may be down.
      return (await all.states.isKnown(project)) ? observeInstances(all, project) : [];
    },
    exec: async (project, id, command, timeoutMs) => {
      const { Id } = await demandInstance(await parts(), project, id);
      return execIn(engine, { container: Id, command, timeoutMs });
    },
    runOnce: async (instance, command, timeoutMs, signal, attendant) =>
      runOnce(await parts(), { instance, command, timeoutMs, signal, attendant }),
    logs: async function* (query, signal) {
      yield* (await parts()).logs.read(query, signal);
    },
    watch: (listener) =>
      events((event) => {
        if (event.kind === 'start' && !event.again) return;
        const exit = event.kind === 'end' ? event.exit : undefined;
        listener({ project: event.project, instance: event.instance, exit });
      }),
    prune: async (project, keep) => {
      const { images, logs, clock, states } = await parts();
      if (!(await states.isKnown(project))) return;
      await pruneImages({ engine, ledger: images.ledger, project, keep });
      await logs.prune(project, clock.now());
    },
    removeVolume: (name) => removeVolume(engine, name),
    removeProject: async (project) => {
      const all = await parts();
      if (await all.states.isKnown(project)) await removeProject(all, project);
    },
    adoption: dockerAdoption(parts),
    close: async () => world.close(),
  };
}
