import { fail } from '#core/errors.ts';
import type { RuntimeKind } from '#model/spec.ts';
import type { AdoptionPort } from '#world/adoption.ts';
import type { Runtime, RuntimeEvent } from '#world/runtime.ts';

export interface LazyRuntimeOptions {
  readonly kind: RuntimeKind;
  readonly load: () => Promise<Runtime>;
  /** Did an earlier daemon leave anything that the runtime looks after? Then it is loaded to observe it. */
  readonly isUsed: () => boolean;
}

/**
 * A runtime whose code is loaded when the first project needs it: most homes have one runtime, and the other would cost
 * a third of the daemon's memory for nothing. Until then there is nothing to observe, to watch or to let go of.
 */
export function lazyRuntime({ kind, load, isUsed }: LazyRuntimeOptions): Runtime {
  const listeners = new Map<(event: RuntimeEvent) => void, () => void>();
  let loading: Promise<Runtime> | undefined;
  let loaded: Runtime | undefined;
  const real = (): Promise<Runtime> => {
    loading ??= load().then((runtime) => {
      loaded = runtime;
      for (const listener of listeners.keys()) listeners.set(listener, runtime.watch(listener));
      return runtime;
    });
    return loading;
  };
  const ifUsed = async (): Promise<Runtime | undefined> => (loading !== undefined || isUsed() ? real() : undefined);

  return {
    kind,
    ready: async () => (await real()).ready(),
    ...(kind === 'process'
      ? { canRun: async (service, options) => (await real()).canRun?.(service, options) ?? true }
      : { answers: async () => (await real()).answers?.() ?? true }),
    check: (spec, locate) => {
      if (loaded === undefined)
        throw fail('DAEMON_INTERNAL', { detail: `${kind} is checked before it is used`, log: '' });
      return loaded.check(spec, locate);
    },
    resolveSource: async (request, signal) => (await real()).resolveSource(request, signal),
    prepare: async (spec, project, progress, signal) => (await real()).prepare(spec, project, progress, signal),
    ...(kind === 'docker'
      ? { rebuild: async (rebuilding) => (await real()).rebuild?.(rebuilding) ?? rebuilding.spec.source }
      : {}),
    isPrepared: async (spec, project) => (await real()).isPrepared(spec, project),
    ensureProject: async (model, project) => (await real()).ensureProject(model, project),
    createNetworks: async (names) => (await real()).createNetworks?.(names),
    serviceAddress: async (project, service) => (await real()).serviceAddress(project, service),
    start: async (instance, signal) => (await real()).start(instance, signal),
    restart: async (project, id, signal) => (await real()).restart(project, id, signal),
    stop: async (project, id, options) => (await real()).stop(project, id, options),
    remove: async (project, id) => (await real()).remove(project, id),
    observe: async (project) => (await (await ifUsed())?.observe(project)) ?? [],
    exec: async (project, id, command, timeoutMs) => (await real()).exec(project, id, command, timeoutMs),
    runOnce: async (...asked) => (await real()).runOnce(...asked),
    logs: async function* (query, signal) {
      const runtime = await ifUsed();
      if (runtime !== undefined) yield* runtime.logs(query, signal);
    },
    watch: (listener) => {
      listeners.set(listener, loaded?.watch(listener) ?? (() => {}));
      return () => {
        listeners.get(listener)?.();
        listeners.delete(listener);
      };
    },
    prune: async (project, keep) => (await ifUsed())?.prune(project, keep),
    removeVolume: async (name) => (await real()).removeVolume(name),
    removeProject: async (project) => (await ifUsed())?.removeProject(project),
    ...(kind === 'docker' ? { adoption: lazyAdoption(real, ifUsed) } : {}),
    close: async () => (await loading)?.close(),
  };
}

function lazyAdoption(real: () => Promise<Runtime>, ifUsed: () => Promise<Runtime | undefined>): AdoptionPort {
  const port = async (): Promise<AdoptionPort> => {
    const { adoption } = await real();
    if (adoption === undefined) throw fail('DAEMON_INTERNAL', { detail: 'the runtime adopts nothing', log: '' });
    return adoption;
  };
  return {
    find: async (project) => (await port()).find(project),
    take: async (project, takings) => (await port()).take(project, takings),
    giveBack: async (project) => (await port()).giveBack(project),
    divert: async (project, diversions) => (await port()).divert(project, diversions),
    heldPorts: async (project) => (await port()).heldPorts(project),
    directConnections: async (project, id) => (await (await ifUsed())?.adoption?.directConnections(project, id)) ?? 0,
    refusedByFirewall: async (ports) => (await port()).refusedByFirewall(ports),
  };
}
