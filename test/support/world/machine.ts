import type { Exit, InstanceSpec, LogLine, ObservedInstance } from '#model/instance.ts';
import type { BreakerStatus } from '#model/metrics.ts';
import type { BackendId, RouteTable } from '#model/route.ts';
import type { RuntimeEvent } from '#world/runtime.ts';
import type { FakeClock } from './fake-clock.ts';

/** How the code of a revision behaves. Times in milliseconds from an instance's start. */
export interface Behaviour {
  /** When it starts to answer its probe; undefined: never. */
  readonly readyMs?: number | undefined;
  /** When it ends by itself. */
  readonly endsMs?: number;
  readonly endCode?: number;
  /** Ends only so many times, then it stays. */
  readonly endsTimes?: number;
  /** When its probe fails again. */
  readonly illMs?: number;
  /** How long it needs to end when asked to. */
  readonly stopMs?: number;
  readonly ignoresStop?: boolean;
  /** How long a request in flight takes to finish. */
  readonly requestMs?: number;
  /** Share of its answers that are 5xx. */
  readonly errorShare?: number;
  readonly prepareFails?: boolean;
  readonly prepareMs?: number;
  readonly releaseCommandCode?: number;
  readonly releaseCommandMs?: number;
}

export interface Process {
  readonly spec: InstanceSpec;
  readonly behaviour: Behaviour;
  state: 'running' | 'exited';
  startedAt: number;
  restarts: number;
  pid: number;
  exit: Exit | undefined;
  address: string;
}

/** Requests per second that clients send to each backend that is exposed. */
export const requestsPerSecond = 200;

/**
 * The machine: processes, proxy and clients, that outlive every daemon of a test. It knows what clients would have
 * seen, and keeps it in `failures`.
 */
export class Machine {
  readonly clock: FakeClock;
  readonly processes = new Map<string, Process>();
  readonly prepared = new Set<string>();
  readonly calls: string[] = [];
  /** What clients would complain about. */
  readonly failures: string[] = [];
  readonly lines: LogLine[] = [];
  readonly releaseCommands: string[] = [];
  /** What the code of a revision does; by revision, or `service revision`. */
  behaviours: Readonly<Record<string, Behaviour>> = {};
  proxyRuns = false;
  table: RouteTable = { backends: {}, listeners: [], routes: [] };
  /** Every table that the proxy carried, and since when. */
  readonly history: { readonly at: number; readonly table: RouteTable }[] = [];
  readonly #listeners = new Set<(event: RuntimeEvent) => void>();
  readonly #proxyListeners = new Set<() => void>();
  readonly #breakerListeners = new Set<(breaker: BreakerStatus) => void>();
  readonly #readySince = new Map<string, { since: number; served: number; until: number | undefined }>();
  /** Backends that once answered: from then on they must. */
  readonly #promised = new Set<BackendId>();
  #nextPid = 100;

  constructor(clock: FakeClock) {
    this.clock = clock;
  }

  behaviourOf(spec: InstanceSpec): Behaviour {
    const { revision } = spec.spec.source;
    return this.behaviours[`${spec.service} ${revision}`] ?? this.behaviours[revision] ?? {};
  }

  spawn(spec: InstanceSpec, previous?: Process): Process {
    const process: Process = {
      spec,
      behaviour: this.behaviourOf(spec),
      state: 'running',
      startedAt: this.clock.now(),
      restarts: previous === undefined ? 0 : previous.restarts + 1,
      pid: this.#nextPid++,
      exit: undefined,
      address: previous?.address ?? `127.1.0.${this.#nextPid}`,
    };
    this.processes.set(key(spec.project, spec.id), process);
    this.lines.push(line(spec, process.startedAt, `${spec.id} begins`));
    const { endsMs, endCode = 1, endsTimes = Number.POSITIVE_INFINITY } = process.behaviour;
    if (endsMs !== undefined && process.restarts < endsTimes)
      void this.clock.wait(endsMs).then(() => this.end(process, endCode));
    return process;
  }

  /** The process ends, by itself or killed. */
  end(process: Process, code: number | undefined, signal?: string): void {
    const current = this.processes.get(key(process.spec.project, process.spec.id)) === process;
    if (process.state === 'exited' || !current) return;
    process.state = 'exited';
    process.exit = { code, signal, at: this.clock.now(), outOfMemory: false };
    this.lines.push(line(process.spec, this.clock.now(), `${process.spec.id} ends`));
    const event = { project: process.spec.project, instance: process.spec.id, exit: process.exit };
    for (const listener of [...this.#listeners]) listener(event);
  }

  /** Kills an instance as an out-of-nowhere crash. */
  crash(id: string, project = 'shop'): void {
    const process = this.processes.get(key(project, id));
    if (process !== undefined) this.end(process, undefined, 'SIGKILL');
  }

  /** Power off and on: every process and the proxy are gone; nobody saw how. */
  reboot(): void {
    for (const process of this.processes.values())
      if (process.state === 'running') {
        process.state = 'exited';
        process.exit = undefined;
      }
    this.proxyRuns = false;
    this.#readySince.clear();
    this.#promised.clear();
  }

  isReady(process: Process): boolean {
    const { readyMs = 0, illMs } = process.behaviour;
    const age = this.clock.now() - process.startedAt;
    const never = 'readyMs' in process.behaviour && process.behaviour.readyMs === undefined;
    return process.state === 'running' && !never && age >= readyMs && (illMs === undefined || age < illMs);
  }

  observe(project?: string): ObservedInstance[] {
    return [...this.processes.values()]
      .filter((process) => project === undefined || process.spec.project === project)
      .map((process) => ({
        id: process.spec.id,
        project: process.spec.project,
        service: process.spec.service,
        release: process.spec.release,
        fingerprint: process.spec.spec.fingerprint,
        state: process.state,
        address: process.address,
        startedAt: process.startedAt,
        restarts: process.restarts,
        exit: process.exit,
        ...(process.state === 'running' ? { pid: process.pid } : {}),
      }));
  }

  at(address: string): Process | undefined {
    return [...this.processes.values()].find((process) => process.address === address);
  }

  watch(listener: (event: RuntimeEvent) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  watchProxy(listener: () => void): () => void {
    this.#proxyListeners.add(listener);
    return () => this.#proxyListeners.delete(listener);
  }

  watchBreakers(listener: (breaker: BreakerStatus) => void): () => void {
    this.#breakerListeners.add(listener);
    return () => this.#breakerListeners.delete(listener);
  }

  turnBreaker(breaker: BreakerStatus): void {
    for (const listener of [...this.#breakerListeners]) listener(breaker);
  }

  killProxy(): void {
    this.proxyRuns = false;
    for (const listener of [...this.#proxyListeners]) listener();
  }

  carry(table: RouteTable): void {
    const before = this.table;
    const unanswered = this.#unanswered(before);
    this.table = table;
    this.history.push({ at: this.clock.now(), table });
    this.#countReady(table);
    if (!this.proxyRuns) return;
    // Where the table before would not have been answered either, an instance is to blame, not the change.
    for (const backend of this.#unanswered(table))
      if (!unanswered.has(backend)) this.failures.push(`a new table: nobody answers for ${backend}`);
  }

  #countReady(table: RouteTable): void {
    const now = this.clock.now();
    const ready = new Set<string>();
    for (const backend of Object.values(table.backends))
      for (const server of backend.servers) if (server.state === 'ready') ready.add(`${backend.id} ${server.id}`);
    for (const [name, since] of this.#readySince)
      if (!ready.has(name) && since.until === undefined) {
        since.served += now - since.since;
        since.until = now;
      }
    for (const name of ready) {
      const known = this.#readySince.get(name);
      if (known === undefined) this.#readySince.set(name, { since: now, served: 0, until: undefined });
      else if (known.until !== undefined) {
        known.since = now;
        known.until = undefined;
      }
    }
  }

  /** Requests in flight at a server, and how many it has had. */
  countersOf(backend: BackendId, server: string): { sessions: number; requests: number; errors: number } {
    const since = this.#readySince.get(`${backend} ${server}`);
    const process = [...this.processes.values()].find((one) => one.spec.id === server);
    if (since === undefined) return { sessions: 0, requests: 0, errors: 0 };
    const { requestMs = 0, errorShare = 0 } = process?.behaviour ?? {};
    const busy = since.until === undefined || this.clock.now() < since.until + requestMs;
    const servedMs = since.served + (since.until === undefined ? this.clock.now() - since.since : 0);
    const requests = Math.floor((servedMs * requestsPerSecond) / 1000);
    return { sessions: busy && requestMs > 0 ? 1 : 0, requests, errors: Math.floor(requests * errorShare) };
  }

  /** Would a client that comes now be served? Looked at when a process was stopped on purpose. */
  look(when: string): void {
    if (!this.proxyRuns) return;
    for (const backend of this.#unanswered(this.table)) this.failures.push(`${when}: nobody answers for ${backend}`);
  }

  /** Backends that once answered clients, and would not now. */
  #unanswered(table: RouteTable): ReadonlySet<BackendId> {
    const silent = new Set<BackendId>();
    for (const backend of Object.values(table.backends)) {
      const isExposed = exposes(table, backend.id);
      const answers = backend.servers.some((server) => {
        const process = this.processes.get(key(backend.project, server.id));
        const here = process !== undefined && this.isReady(process) && process.address === server.address;
        return server.state === 'ready' && here;
      });
      if (answers && isExposed) this.#promised.add(backend.id);
      if (!isExposed) this.#promised.delete(backend.id);
      if (this.#promised.has(backend.id) && backend.held === undefined && !answers) silent.add(backend.id);
    }
    return silent;
  }

  /** A process is about to be told to stop: nothing may be sent to it any more, nothing be in flight. */
  lookAtStop(process: Process, graceMs: number): void {
    const { id, project } = process.spec;
    for (const backend of Object.values(this.table.backends)) {
      if (!this.proxyRuns || backend.project !== project) continue;
      const server = backend.servers.find((one) => one.id === id);
      if (server?.state === 'ready' && exposes(this.table, backend.id) && process.state === 'running')
        this.failures.push(`${id} is stopped while it gets requests`);
      const since = this.#readySince.get(`${backend.id} ${id}`);
      const { sessions } = this.countersOf(backend.id, id);
      const waited = this.clock.now() - (since?.until ?? 0);
      if (sessions > 0 && since?.until !== undefined && waited < graceMs)
        this.failures.push(`${id} is stopped with requests in flight`);
    }
  }
}

function exposes(table: RouteTable, id: BackendId): boolean {
  const [name = '', port = ''] = id.split(':');
  const [project, service] = name.split('/');
  return (
    table.routes.some(
      (route) => route.project === project && route.service === service && route.port === Number(port),
    ) || table.listeners.some((listener) => listener.kind === 'published' && listener.backend === id)
  );
}

function key(project: string, id: string): string {
  return `${project}/${id}`;
}

function line(spec: InstanceSpec, time: number, text: string): LogLine {
  const { project, service, id, release } = spec;
  return { time, project, service, instance: id, release, stream: 'stdout', text };
}
