import type { InstanceSpec, LogLine, ObservedInstance } from '#model/instance.ts';
import type { RuntimeKind } from '#model/spec.ts';
import type { Prober } from '#world/prober.ts';
import type { Runtime } from '#world/runtime.ts';
import type { Machine, Process } from './machine.ts';

/** A runtime over the pretended machine. */
export function fakeRuntime(machine: Machine, kind: RuntimeKind = 'process'): Runtime {
  const { clock } = machine;
  const find = (project: string, id: string): Process | undefined => machine.processes.get(`${project}/${id}`);
  const seen = (process: Process): ObservedInstance => {
    const found = machine.observe().find((one) => one.id === process.spec.id && one.project === process.spec.project);
    if (found === undefined) throw new Error(`no ${process.spec.id}`);
    return found;
  };
  return {
    kind,
    ready: async () => undefined,
    check: () => [],
    resolveSource: async () => ({ kind: 'tree', context: '/', revision: '', ports: [] }),
    prepare: async (spec, _project, progress, signal) => {
      const behaviour = machine.behaviours[spec.source.revision] ?? {};
      progress(`preparing ${spec.name}`);
      if (behaviour.prepareMs !== undefined) await clock.wait(behaviour.prepareMs, signal);
      if (behaviour.prepareFails === true) throw new Error(`${spec.name} does not build`);
      machine.calls.push(`prepare ${spec.name}`);
      machine.prepared.add(`${spec.name} ${spec.source.revision}`);
    },
    isPrepared: async (spec) => machine.prepared.has(`${spec.name} ${spec.source.revision}`),
    ensureProject: async () => {
      machine.calls.push('ensure-project');
    },
    serviceAddress: async (_project, service) => `127.9.0.${(service.length % 200) + 1}`,
    start: async (spec: InstanceSpec, signal) => {
      signal.throwIfAborted();
      const known = find(spec.project, spec.id);
      if (known !== undefined) return seen(known);
      machine.calls.push(`start ${spec.id}`);
      return seen(machine.spawn(spec));
    },
    restart: async (project, id) => {
      const known = find(project, id);
      if (known === undefined) throw new Error(`no ${id} to restart`);
      if (known.state === 'running') return seen(known);
      machine.calls.push(`restart ${id}`);
      return seen(machine.spawn(known.spec, known));
    },
    stop: async (project, id, { graceMs }) => {
      const process = find(project, id);
      if (process === undefined || process.state === 'exited') return { killed: false, tookMs: 0 };
      machine.lookAtStop(process, graceMs);
      machine.calls.push(`stop ${id}`);
      const { ignoresStop = false, stopMs = 10 } = process.behaviour;
      const tookMs = ignoresStop ? graceMs : Math.min(stopMs, graceMs);
      await clock.wait(tookMs);
      machine.end(process, ignoresStop ? undefined : 0, ignoresStop ? 'SIGKILL' : undefined);
      machine.look(`${id} was stopped`);
      return { killed: ignoresStop, tookMs };
    },
    remove: async (project, id) => {
      const process = find(project, id);
      if (process === undefined) return;
      if (process.state === 'running') throw new Error(`${id} is removed while it runs`);
      machine.calls.push(`remove ${id}`);
      machine.processes.delete(`${project}/${id}`);
    },
    observe: async (project) => machine.observe(project),
    exec: async () => ({ code: 0, signal: undefined, timedOut: false, output: '' }),
    runOnce: async (spec, command, _timeoutMs, signal) => {
      machine.releaseCommands.push(`${spec.id} ${command.join(' ')}`);
      const { releaseCommandMs = 0, releaseCommandCode = 0 } = machine.behaviourOf(spec);
      if (releaseCommandMs > 0) await clock.wait(releaseCommandMs, signal);
      return { code: releaseCommandCode, signal: undefined, timedOut: false, output: 'migrated\n' };
    },
    logs: (query) => pick(machine.lines, query.instance),
    watch: (listener) => machine.watch(listener),
    prune: async (_project, keep) => {
      machine.calls.push(`prune ${[...new Set(keep.map((source) => source.revision))].toSorted().join(' ')}`);
    },
    removeVolume: async (name) => {
      throw new Error(`volume ${name} was to be deleted`);
    },
    removeProject: async () => {
      machine.calls.push('remove-project');
    },
    close: async () => undefined,
  };
}

async function* pick(lines: readonly LogLine[], instance: string | undefined): AsyncIterable<LogLine> {
  for (const line of lines) if (instance === undefined || line.instance === instance) yield line;
}

/** Asks the pretended processes. */
/** Whoever asks here waits as long as it has patience. */
export const silentAddress = '127.9.9.8';

export function fakeProber(machine: Machine): Prober {
  const ask = (address: string) => {
    const process = machine.at(address);
    return process !== undefined && machine.isReady(process);
  };
  return {
    http: async ({ address, timeoutMs }) => {
      if (address === silentAddress) await machine.clock.wait(timeoutMs);
      return ask(address)
        ? { kind: 'http', status: 200, body: 'ok', location: undefined }
        : { kind: 'error', reason: 'connection refused' };
    },
    tcp: async ({ address }) => (ask(address) ? { kind: 'tcp' } : { kind: 'error', reason: 'connection refused' }),
  };
}
