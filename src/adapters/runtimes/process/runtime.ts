import { existsSync } from 'node:fs';
import { fail } from '#core/errors.ts';
import type { Finding } from '#core/finding.ts';
import type { CommandResult, InstanceSpec, LogLine, ObservedInstance } from '#model/instance.ts';
import type { LogQuery } from '#model/log-query.ts';
import type { Project, Service } from '#model/project.ts';
import type { ProcessOptions, ServiceSpec, Source } from '#model/spec.ts';
import type { Attendant } from '#world/attendant.ts';
import type { Clock } from '#world/clock.ts';
import type {
  Locate,
  ProjectRef,
  Runtime,
  RuntimeEvent,
  SourceRequest,
  StopOptions,
  StopOutcome,
} from '#world/runtime.ts';
import { readHierarchies } from './cgroups/hierarchies.ts';
import { checkSpec } from './check.ts';
import { type Home, layHome } from './home.ts';
import { Instance } from './instances/instance.ts';
import { type Abilities, probeAbilities } from './launch/abilities.ts';
import { discard, type OpenHome, openHome } from './open-home.ts';
import { missingPackages } from './providers/installed.ts';
import { forgetProject, pruneSources } from './prune.ts';
import { canRun, resolveSource } from './source/resolve.ts';
import { makeSnapshot, snapshotPath } from './source/snapshot.ts';
import { findTools, type Tools } from './tools.ts';
import { deleteVolume, ensureVolumes } from './volumes.ts';

export interface ProcessRuntimeOptions {
  /** Absolute path of the home. */
  readonly home: string;
  readonly clock: Clock;
  /** Second number of all addresses, 1 to 254; chosen and kept by the home where it is not given. */
  readonly addressBlock?: number;
}

/** The process runtime, with what only it can be asked. */
export interface ProcessRuntime extends Runtime {
  /** Debian packages without which these services' images have no server here; empty when nothing is missing. */
  missingPackages(services: Readonly<Record<string, Service>>): readonly string[];
}

/** Runs instances as plain processes of this machine. Nothing is touched before the first call that must. */
export function createProcessRuntime({ home, clock, addressBlock }: ProcessRuntimeOptions): ProcessRuntime {
  return new Processes(layHome(home), clock, addressBlock);
}

class Processes implements ProcessRuntime {
  readonly kind = 'process';
  readonly #home: Home;
  readonly #clock: Clock;
  readonly #addressBlock: number | undefined;
  readonly #listeners = new Set<(event: RuntimeEvent) => void>();
  readonly #preparing = new Map<string, Promise<void>>();
  #tools: Tools | undefined;
  #abilities: Abilities | undefined;
  #opened: Promise<OpenHome> | undefined;
  #closed = false;

  constructor(home: Home, clock: Clock, addressBlock: number | undefined) {
    this.#home = home;
    this.#clock = clock;
    this.#addressBlock = addressBlock;
  }

  async ready(): Promise<void> {
    if (process.platform !== 'linux') throw fail('RUNTIME_LINUX_ONLY', { platform: process.platform });
    await this.#open();
  }

  check(spec: ServiceSpec, locate: Locate): readonly Finding[] {
    return checkSpec(spec, { locate, abilities: this.#can(), hierarchies: readHierarchies() });
  }

  async canRun(service: Service, process: ProcessOptions): Promise<boolean> {
    return canRun(service, process);
  }

  resolveSource(request: SourceRequest, signal: AbortSignal): Promise<Source> {
    return resolveSource(request, this.#home.root, signal);
  }

  missingPackages(services: Readonly<Record<string, Service>>): readonly string[] {
    return missingPackages(services);
  }

  async prepare(
    spec: ServiceSpec,
    project: ProjectRef,
    progress: (line: string) => void,
    signal: AbortSignal,
  ): Promise<void> {
    const { source } = spec;
    if (source.kind !== 'tree') return;
    const path = snapshotPath(this.#home, project.name, spec.name, source);
    // Two that want the same revision wait for the one copy.
    const made =
      this.#preparing.get(path) ??
      this.#open()
        .then(({ parts }) => makeSnapshot({ home: parts.home, spec, source, project, progress, signal }))
        .finally(() => this.#preparing.delete(path));
    this.#preparing.set(path, made);
    await made;
  }

  async isPrepared({ source, name }: ServiceSpec, project: ProjectRef): Promise<boolean> {
    return source.kind !== 'tree' || existsSync(snapshotPath(this.#home, project.name, name, source));
  }

  async ensureProject(model: Project): Promise<void> {
    const { parts } = await this.#open();
    ensureVolumes(model, parts.home);
  }

  async serviceAddress(project: string, service: string): Promise<string> {
    const { parts } = await this.#open();
    return parts.addresses.ofService(project, service);
  }

  async start(instance: InstanceSpec, signal: AbortSignal): Promise<ObservedInstance> {
    const { parts, instances } = await this.#open();
    const key = keyOf(instance.project, instance.id);
    const known = instances.get(key) ?? Instance.create(parts, instance);
    instances.set(key, known);
    return known.start(signal);
  }

  async restart(project: string, id: string, signal: AbortSignal): Promise<ObservedInstance> {
    return (await this.#existing(project, id)).start(signal, 'again');
  }

  async stop(project: string, id: string, options: StopOptions): Promise<StopOutcome> {
    const known = await this.#find(project, id);
    return known === undefined ? { killed: false, tookMs: 0 } : known.stop(options);
  }

  async remove(project: string, id: string): Promise<void> {
    const { instances } = await this.#open();
    await instances.get(keyOf(project, id))?.remove();
    instances.delete(keyOf(project, id));
  }

  async observe(project?: string): Promise<readonly ObservedInstance[]> {
    const { instances } = await this.#open();
    const all = [...instances.values()].map((instance) => instance.observe());
    return project === undefined ? all : all.filter((one) => one.project === project);
  }

  async exec(project: string, id: string, command: readonly string[], timeoutMs: number): Promise<CommandResult> {
    return (await this.#existing(project, id)).exec(command, timeoutMs);
  }

  async runOnce(
    instance: InstanceSpec,
    command: readonly string[],
    timeoutMs: number,
    signal: AbortSignal,
    attendant?: Attendant,
  ): Promise<CommandResult> {
    const { parts } = await this.#open();
    const once = Instance.create(parts, instance, command);
    const deadline = AbortSignal.timeout(timeoutMs);
    const limit = AbortSignal.any([signal, deadline]);
    // What cannot be killed is said by `discard`.
    const kill = (): void => void once.kill().catch(() => undefined);
    limit.addEventListener('abort', kill);
    try {
      const started = attendant === undefined ? once.start(limit) : once.startAttended(limit, attendant);
      await started.catch((error: unknown) => {
        if (!deadline.aborted) throw error;
      });
      const exit = await once.ended();
      signal.throwIfAborted();
      const output = attendant === undefined ? once.output() : '';
      return { code: exit?.code, signal: exit?.signal, timedOut: deadline.aborted, output };
    } finally {
      limit.removeEventListener('abort', kill);
      await discard(once);
    }
  }

  async *logs(query: LogQuery, signal: AbortSignal): AsyncGenerator<LogLine> {
    const { parts } = await this.#open();
    yield* parts.logs.query(query, signal);
  }

  watch(listener: (event: RuntimeEvent) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  async prune(project: string, keep: readonly Source[]): Promise<void> {
    const { parts, instances } = await this.#open();
    const used = [...instances.values()].filter(({ record }) => record.spec.project === project);
    pruneSources(parts.home, project, { keep, used: used.map(({ record }) => record.spec.spec.source) });
    parts.logs.prune(project, this.#clock.now());
  }

  async removeVolume(name: string): Promise<void> {
    const { parts, instances } = await this.#open();
    const user = [...instances.values()].find(({ record }) => Object.values(record.spec.volumes).includes(name));
    if (user !== undefined) throw fail('RUNTIME_VOLUME_IN_USE', { volume: name, instance: user.id });
    deleteVolume(parts.home, name);
  }

  async removeProject(project: string): Promise<void> {
    const { parts, instances } = await this.#open();
    const left = [...instances.values()].find(({ record }) => record.spec.project === project);
    if (left !== undefined) throw fail('RUNTIME_STILL_RUNNING', { instance: left.id });
    forgetProject(parts.home, project);
  }

  async close(): Promise<void> {
    this.#closed = true;
    const opened = await this.#opened?.catch(() => undefined);
    opened?.close();
  }

  async #existing(project: string, id: string): Promise<Instance> {
    const known = await this.#find(project, id);
    if (known === undefined) throw fail('RUNTIME_NO_INSTANCE', { project, instance: id });
    return known;
  }

  async #find(project: string, id: string): Promise<Instance | undefined> {
    return (await this.#open()).instances.get(keyOf(project, id));
  }

  /** Once; a failure is tried again by the next call. */
  #open(): Promise<OpenHome> {
    if (this.#closed) throw fail('RUNTIME_CLOSED', { home: this.#home.root });
    this.#opened ??= this.#openNow().catch((error: unknown) => {
      this.#opened = undefined;
      throw error;
    });
    return this.#opened;
  }

  async #openNow(): Promise<OpenHome> {
    return openHome({
      home: this.#home,
      clock: this.#clock,
      addressBlock: this.#addressBlock,
      tools: this.#programs(),
      abilities: this.#can(),
      emit: (event) => {
        for (const listener of this.#listeners) listener(event);
      },
    });
  }

  #programs(): Tools {
    this.#tools ??= findTools();
    return this.#tools;
  }

  #can(): Abilities {
    this.#abilities ??= probeAbilities(this.#programs());
    return this.#abilities;
  }
}

function keyOf(project: string, id: string): string {
  return `${project}/${id}`;
}
