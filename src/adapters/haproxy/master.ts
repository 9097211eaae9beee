import { rm } from 'node:fs/promises';
import { infoOf } from '#balancer/live.ts';
import { structureOf } from '#balancer/process-section.ts';
import { fail } from '#core/errors.ts';
import type { Clock } from '#world/clock.ts';
import { firstAlert } from './binary.ts';
import type { Launcher } from './launch/launcher.ts';
import type { Layout } from './layout.ts';
import { lives, type ProcessId, processId, proxyProcesses, signal } from './processes.ts';
import { waitUntil } from './wait-until.ts';
import { writeWhole } from './whole-file.ts';
import { WorkerLine } from './worker-line.ts';

interface Parts {
  readonly layout: Layout;
  readonly clock: Clock;
}

/** A start or a reload takes 100 to 500 ms, with a thousand services a second. */
const takesAtMostMs = 15_000;

/** The proxy's master process: found, started, reloaded and ended. It lives apart from us and outlives us. */
export class Master {
  readonly line: WorkerLine;
  readonly #layout: Layout;
  readonly #clock: Clock;

  constructor({ layout, clock }: Parts) {
    this.#layout = layout;
    this.#clock = clock;
    this.line = new WorkerLine(layout.masterSocket);
  }

  /** The pids of all our proxy's processes, also of those that a dead master left behind. */
  pids(): ReadonlySet<number> {
    return new Set(proxyProcesses(this.#layout.config).map((one) => one.pid));
  }

  /** The master that runs for this home, whoever started it; one that is just starting is waited for. */
  async find(): Promise<ProcessId | undefined> {
    const found = await this.#until(3000, async () => {
      const candidates = proxyProcesses(this.#layout.config);
      // None, or the last workers of a dead master have just ended.
      if (candidates.length === 0) return 'none';
      if ((await this.#answering()) === undefined) return undefined;
      const parents = new Set(candidates.map((one) => one.parent));
      return candidates.find((one) => parents.has(one.pid));
    });
    return found === 'none' ? undefined : found;
  }

  /** Starts the proxy with the configuration that lies ready. @throws PROXY_START_FAILED */
  async start(launcher: Launcher, structure: string): Promise<ProcessId> {
    await this.endOrphans();
    const { config, masterSocket } = this.#layout;
    const said = await launcher.listen();
    const { id, howItEnded } = await launcher.launch(['-W', '-S', `${masterSocket},mode,600`, '-f', config]);
    const outcome = await this.#until(takesAtMostMs, async () => {
      if (id === undefined || !lives(id)) return 'ended';
      return (await this.structure()) === structure ? 'serving' : undefined;
    });
    if (outcome === 'serving' && id !== undefined) {
      await writeWhole(this.#layout.master, `${JSON.stringify(id)}\n`);
      return id;
    }
    if (id !== undefined) signal(id, 'SIGKILL');
    const ending = outcome === 'ended' ? await howItEnded() : `not serving after ${takesAtMostMs} ms`;
    throw fail('PROXY_START_FAILED', { reason: firstAlert(await said()) ?? ending, look: launcher.logCommand });
  }

  /**
   * Replaces the worker by one with the configuration that lies ready. Done when the new one serves and the old ones
   * take nothing new.
   *
   * @throws PROXY_RELOAD_FAILED; the old worker then still serves
   */
  async reload(master: ProcessId, structure: string, launcher: Launcher): Promise<void> {
    const look = launcher.logCommand;
    const said = await launcher.listen();
    const before = new Set((await this.line.workers()).map((one) => one.pid));
    const failedBefore = await this.#failedReloads();
    if (!signal(master, 'SIGUSR2')) throw fail('PROXY_RELOAD_FAILED', { reason: 'the proxy is gone', look });
    const outcome = await this.#until(takesAtMostMs, async () => {
      if (!lives(master)) return 'gone';
      if (await this.#hasTakenOver(before, structure)) return 'done';
      return (await this.#failedReloads()) > failedBefore ? 'failed' : undefined;
    });
    if (outcome === 'done') return;
    const reason = firstAlert(await said()) ?? outcome ?? `no new worker after ${takesAtMostMs} ms`;
    throw fail('PROXY_RELOAD_FAILED', { reason, look });
  }

  /** The structure that the serving worker carries; undefined when none answers. */
  async structure(): Promise<string | undefined> {
    return this.#quietly(async () => {
      const worker = await this.line.current();
      if (worker === undefined) return undefined;
      return structureOf(infoOf(await this.line.ask(worker, 'show info'), 'description'));
    });
  }

  /**
   * Ends what a dead master left behind. Such a worker would go on to take its share of the connections on our ports,
   * with the instances of its time, and nothing could reach it.
   */
  async endOrphans(): Promise<void> {
    await this.#endAll(proxyProcesses(this.#layout.config));
  }

  /** Ends the proxy and all its workers. */
  async stop(): Promise<void> {
    await this.#endAll(proxyProcesses(this.#layout.config));
    await rm(this.#layout.master, { force: true });
  }

  async #endAll(processes: readonly ProcessId[]): Promise<void> {
    for (const one of processes) signal(one, 'SIGTERM');
    const gone = async () => (processes.some(lives) ? undefined : true);
    if (await this.#until(2000, gone)) return;
    for (const one of processes) signal(one, 'SIGKILL');
    await this.#until(2000, gone);
  }

  async #hasTakenOver(before: ReadonlySet<number>, structure: string): Promise<boolean> {
    const done = await this.#quietly(async () => {
      const workers = await this.line.workers();
      const current = workers.find((one) => !one.old);
      if (current === undefined || before.has(current.pid)) return false;
      if ((await this.structure()) !== structure) return false;
      const leaving = await Promise.all(workers.filter((one) => one.old).map((one) => this.#isStopping(one.pid)));
      return leaving.every(Boolean);
    });
    return done === true;
  }

  async #isStopping(worker: number): Promise<boolean> {
    if (processId(worker) === undefined) return true;
    return infoOf(await this.line.ask(worker, 'show info'), 'Stopping') !== '0';
  }

  async #failedReloads(): Promise<number> {
    const answer = await this.#answering();
    return Number(/\[failed: (\d+)\]/.exec(answer ?? '')?.[1] ?? 0);
  }

  #answering(): Promise<string | undefined> {
    return this.#quietly(() => this.line.master('show proc'));
  }

  /** While the master replaces itself its socket refuses for a moment; the caller looks again. */
  async #quietly<T>(look: () => Promise<T>): Promise<T | undefined> {
    try {
      return await look();
    } catch {
      return undefined;
    }
  }

  #until<T>(deadlineMs: number, look: () => Promise<T | undefined>): Promise<T | undefined> {
    return waitUntil({ clock: this.#clock, deadlineMs, intervalMs: 10, look });
  }
}
