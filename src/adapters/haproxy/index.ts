import { mkdir, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { wantedCertificates } from '#balancer/certificates.ts';
import { type Commands, runtimeCommands } from '#balancer/commands.ts';
import { CounterLedger, type WorkerStat } from '#balancer/counters.ts';
import { parseMap, parseServersState, parseStat, type Worker } from '#balancer/live.ts';
import { proxyName } from '#balancer/names.ts';
import type { ProxyOptions } from '#balancer/options.ts';
import { type Rendering, renderProxy } from '#balancer/render.ts';
import { fail } from '#core/errors.ts';
import type { BackendId, RouteTable } from '#model/route.ts';
import type { Balancer, ServerCounters } from '#world/balancer.ts';
import type { Clock } from '#world/clock.ts';
import { affordableConnections, complaintAbout, findProxy, requireSuitable, trafficUser } from './binary.ts';
import { bindablePart, bindsOf, requireBindable } from './binds.ts';
import { BreakerWatch } from './breaker-watch.ts';
import { prepareCertificates } from './certificates.ts';
import { DeathWatch } from './death-watch.ts';
import { hostAddresses, watchHostAddresses } from './host-addresses.ts';
import { type Layout, layoutOf } from './layout.ts';
import { holdScript, policyScript } from './lua-programs.ts';
import { Master } from './master.ts';
import { findPortHolder, type PortHolder } from './port-holder.ts';
import { lives, type ProcessId } from './processes.ts';
import { Serial } from './serial.ts';
import { waitUntil } from './wait-until.ts';
import { readText, writeChanged, writeWhole } from './whole-file.ts';

export interface HaproxyOptions {
  /** Timonel's home; the proxy keeps its files below `haproxy/`. */
  readonly home: string;
  readonly httpPort: number;
  readonly httpsPort: number;
  readonly edgeAddress: string;
  readonly clock: Clock;
  /** Peers whose X-Forwarded-* headers are believed; nobody's without it. */
  readonly trustedProxies?: readonly string[];
}

/** The proxy of one home. It finds a proxy that an earlier daemon left running and goes on with it. */
export function createHaproxy(options: HaproxyOptions): Balancer {
  return new Haproxy(options);
}

const emptyTable: RouteTable = { backends: {}, listeners: [], routes: [] };

class Haproxy implements Balancer {
  readonly #clock: Clock;
  readonly #layout: Layout;
  readonly #fixedOptions: Omit<ProxyOptions, 'hostAddresses'>;
  readonly #master: Master;
  readonly #serial = new Serial();
  readonly #ledger = new CounterLedger();
  readonly #listeners = new Set<() => void>();
  readonly #deathWatch: DeathWatch;
  readonly #breakers: BreakerWatch;
  readonly #forgetAddresses: () => void;
  #running: ProcessId | undefined;
  #binary: string | undefined;

  constructor({ home, httpPort, httpsPort, edgeAddress, clock, trustedProxies = [] }: HaproxyOptions) {
    this.#clock = clock;
    this.#layout = layoutOf(home);
    this.#master = new Master({ layout: this.#layout, clock });
    this.#fixedOptions = {
      ...this.#layout,
      edge: { address: edgeAddress, httpPort, httpsPort },
      trustedProxies,
      maxConnections: affordableConnections(),
      user: trafficUser(),
    };
    this.#breakers = new BreakerWatch({
      layout: this.#layout,
      line: this.#master.line,
      user: this.#fixedOptions.user,
    });
    this.#forgetAddresses = watchHostAddresses(() => void this.#listenElsewhere());
    this.#deathWatch = new DeathWatch({
      masterSocket: this.#layout.masterSocket,
      clock,
      isAlive: () => this.#isAlive(),
      onDeath: () => {
        for (const listener of this.#listeners) listener();
      },
    });
  }

  ensureRunning(): Promise<void> {
    return this.#serial.run(async () => {
      const last = await this.#lastTable();
      await this.#breakers.watch(last);
      if (await this.#adopt()) return;
      const table = await bindablePart(last, this.#fixedOptions.edge);
      await this.#start(await this.#render(table));
    });
  }

  apply(table: RouteTable): Promise<{ readonly reloaded: boolean }> {
    return this.#serial.run(() => this.#apply(table));
  }

  async observe(backends?: readonly BackendId[]): Promise<readonly ServerCounters[]> {
    const { line } = this.#master;
    const stats = await Promise.all((await line.workers()).map((worker) => this.#statOf(worker, backends)));
    return this.#ledger.add(stats.filter((stat) => stat !== undefined));
  }

  async portHolder(address: string, port: number): Promise<PortHolder | undefined> {
    return findPortHolder(address, port, this.#master.pids());
  }

  watch(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  stop(): Promise<void> {
    return this.#serial.run(async () => {
      this.#deathWatch.stop();
      this.#running = undefined;
      await this.#master.stop();
      await this.#breakers.close();
      if (this.#layout.handover !== this.#layout.folder)
        await rm(this.#layout.handover, { recursive: true, force: true });
    });
  }

  async close(): Promise<void> {
    this.#deathWatch.stop();
    this.#forgetAddresses();
    this.#listeners.clear();
    await this.#breakers.close();
    await this.#serial.idle();
  }

  async #apply(table: RouteTable): Promise<{ readonly reloaded: boolean }> {
    const rendering = await this.#render(table);
    const running = await this.#adopt();
    const reloaded = running === undefined || (await this.#master.structure()) !== rendering.structure;
    if (reloaded) await requireBindable(bindsOf(table, this.#fixedOptions.edge), this.#master.pids());
    if (running === undefined) await this.#start(rendering);
    else if (reloaded) await this.#reload(running, rendering);
    await this.#reconcile(table);
    await this.#remember(table, rendering);
    await this.#breakers.watch(table);
    return { reloaded };
  }

  /** The proxy that runs, found again when need be. */
  async #adopt(): Promise<ProcessId | undefined> {
    if (!this.#isAlive()) this.#running = await this.#master.find();
    if (this.#running !== undefined) this.#deathWatch.start();
    return this.#running;
  }

  #isAlive(): boolean {
    return this.#running !== undefined && lives(this.#running);
  }

  async #render(table: RouteTable): Promise<Rendering> {
    await mkdir(this.#layout.folder, { recursive: true, mode: 0o700 });
    const wanted = wantedCertificates(table);
    const certificates = await prepareCertificates(wanted, this.#layout.certificates, this.#clock);
    return renderProxy({ table, options: { ...this.#fixedOptions, hostAddresses: hostAddresses() }, certificates });
  }

  async #start(rendering: Rendering): Promise<void> {
    const binary = await this.#program();
    await this.#layDown(rendering);
    await this.#requireValid(binary, rendering);
    await rename(this.#layout.draft, this.#layout.config);
    this.#deathWatch.stop();
    this.#running = await this.#master.start(binary, rendering.structure);
    this.#deathWatch.start();
  }

  /** A configuration that is refused, before or during the reload, leaves the running one as it is. */
  async #reload(running: ProcessId, rendering: Rendering): Promise<void> {
    const { config, draft } = this.#layout;
    const before = await readText(config);
    await this.#layDown(rendering);
    await this.#requireValid(await this.#program(), rendering);
    await rename(draft, config);
    try {
      await this.#master.reload(running, rendering.structure);
    } catch (error) {
      if (before !== undefined) await writeWhole(config, before);
      throw error;
    }
  }

  async #program(): Promise<string> {
    if (this.#binary !== undefined) return this.#binary;
    const binary = findProxy();
    await requireSuitable(binary);
    this.#binary = binary;
    return binary;
  }

  /** The files beside the configuration. */
  async #layDown(rendering: Rendering): Promise<void> {
    await mkdir(this.#layout.handover, { recursive: true, mode: 0o711 });
    await writeChanged(this.#layout.holdScript, await holdScript(this.#layout.holdMap));
    await writeChanged(this.#layout.policyScript, await policyScript());
    // The proxy fills this one itself; who starts anew has checked no password yet.
    await writeChanged(this.#layout.credentialMap, '');
    await writeChanged(this.#layout.breakerMap, await this.#breakers.carriedOver());
    await writeChanged(this.#layout.holdMap, rendering.holdMap);
    await writeChanged(this.#layout.certificateList, rendering.certificateList);
    await mkdir(this.#layout.maps, { recursive: true, mode: 0o700 });
    for (const [name, text] of Object.entries(rendering.maps)) await writeChanged(join(this.#layout.maps, name), text);
  }

  async #requireValid(binary: string, { config }: Rendering): Promise<void> {
    const { draft } = this.#layout;
    await writeFile(draft, config, { mode: 0o600 });
    const complaint = await complaintAbout(binary, draft);
    if (complaint !== undefined) throw fail('PROXY_CONFIG_REJECTED', { reason: complaint, file: draft });
  }

  /** Makes instances and holds of the serving worker equal the table's, and looks whether they are. */
  async #reconcile(table: RouteTable): Promise<void> {
    const worker = await this.#serving();
    const { enter, leave, remove, release } = await this.#difference(worker, table);
    const { line } = this.#master;
    for (const command of enter) await line.order(worker, command);
    for (const command of leave) await line.order(worker, command);
    // An instance that still has work stays, in maintenance, until a later call finds it idle.
    for (const command of remove) await line.ask(worker, command);
    for (const command of release) await line.order(worker, command);
    if (enter.length + leave.length + release.length === 0) return;
    const left = await waitUntil({
      clock: this.#clock,
      deadlineMs: 2000,
      intervalMs: 10,
      look: async () => {
        const rest = await this.#difference(worker, table);
        return isDone(rest) ? rest : undefined;
      },
    });
    if (left !== undefined) return;
    const rest = await this.#difference(worker, table);
    throw fail('PROXY_NOT_CONVERGED', { differences: [...rest.enter, ...rest.leave, ...rest.release].join('; ') });
  }

  async #difference(worker: number, table: RouteTable): Promise<Commands> {
    const { holdMap } = this.#layout;
    const [servers, holds] = await Promise.all([
      this.#master.line.ask(worker, 'show servers state'),
      this.#master.line.ask(worker, `show map ${holdMap}`),
    ]);
    return runtimeCommands({ table, live: { servers: parseServersState(servers), holds: parseMap(holds) }, holdMap });
  }

  async #serving(): Promise<number> {
    const worker = await this.#master.line.current();
    if (worker === undefined) throw fail('PROXY_INTERNAL', { detail: 'no worker serves' });
    return worker;
  }

  /** The machine's addresses changed: what listens on all of them must follow. */
  async #listenElsewhere(): Promise<void> {
    await this.#serial
      .run(async () => {
        if (await this.#adopt()) await this.#apply(await this.#lastTable());
      })
      .catch(() => {
        // The next change of the table tries again and can tell somebody.
      });
  }

  /** Writes down what is now carried, for a proxy that starts again. */
  async #remember(table: RouteTable, rendering: Rendering): Promise<void> {
    await writeChanged(this.#layout.holdMap, rendering.holdMap);
    await writeChanged(this.#layout.config, rendering.config);
    await writeChanged(this.#layout.table, `${JSON.stringify(table)}\n`);
  }

  async #lastTable(): Promise<RouteTable> {
    const text = await readText(this.#layout.table);
    try {
      return text === undefined ? emptyTable : (JSON.parse(text) as RouteTable);
    } catch {
      // Damaged from outside: the engine's next `apply` brings everything, and until then nothing is better than a lie.
      return emptyTable;
    }
  }

  /** An old worker may end while it is asked. */
  async #statOf({ pid, old }: Worker, backends: readonly BackendId[] | undefined): Promise<WorkerStat | undefined> {
    const names = backends === undefined || backends.length > 8 ? ['-1'] : backends.map(proxyName);
    try {
      const answers = await Promise.all(names.map((name) => this.#master.line.ask(pid, `show stat ${name} 4 -1`)));
      return { pid, old, rows: answers.flatMap(parseStat) };
    } catch (error) {
      if (old) return undefined;
      throw error;
    }
  }
}

function isDone({ enter, leave, release }: Commands): boolean {
  return enter.length + leave.length + release.length === 0;
}
