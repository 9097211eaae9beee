import { wantedCertificates } from '#balancer/certificates.ts';
import { CounterLedger, type WorkerStat } from '#balancer/counters.ts';
import { parseStat, type Worker } from '#balancer/live.ts';
import { proxyName } from '#balancer/names.ts';
import type { ProxyOptions } from '#balancer/options.ts';
import { type Rendering, renderProxy } from '#balancer/render.ts';
import type { BackendId, RouteTable } from '#model/route.ts';
import type { Balancer, ServerCounters } from '#world/balancer.ts';
import type { Clock } from '#world/clock.ts';
import { affordableConnections, findProxy, requireSuitable, trafficUser } from './binary.ts';
import { bindablePart, bindsOf, requireBindable } from './binds.ts';
import { BreakerWatch } from './breaker-watch.ts';
import { prepareCertificates } from './certificates.ts';
import { DeathWatch } from './death-watch.ts';
import { hostAddresses, watchHostAddresses } from './host-addresses.ts';
import { type Layout, layoutOf } from './layout.ts';
import { Master } from './master.ts';
import { findPortHolder, type PortHolder } from './port-holder.ts';
import { lives, type ProcessId } from './processes.ts';
import { ProxyFiles } from './proxy-files.ts';
import { Reconciler } from './reconciler.ts';
import { Serial } from './serial.ts';

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

class Haproxy implements Balancer {
  readonly #clock: Clock;
  readonly #layout: Layout;
  readonly #fixedOptions: Omit<ProxyOptions, 'hostAddresses'>;
  readonly #files: ProxyFiles;
  readonly #master: Master;
  readonly #reconciler: Reconciler;
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
    this.#files = new ProxyFiles(this.#layout);
    this.#master = new Master({ layout: this.#layout, clock });
    this.#reconciler = new Reconciler({ line: this.#master.line, holdMap: this.#layout.holdMap, clock });
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
      const last = await this.#files.lastTable();
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
      await this.#files.clearOutside();
    });
  }

  async close(): Promise<void> {
    this.#deathWatch.stop();
    this.#forgetAddresses();
    this.#listeners.clear();
    await this.#serial.idle();
    await this.#breakers.close();
  }

  async #apply(table: RouteTable): Promise<{ readonly reloaded: boolean }> {
    const rendering = await this.#render(table);
    const running = await this.#adopt();
    const reloaded = running === undefined || (await this.#master.structure()) !== rendering.structure;
    if (reloaded) await requireBindable(bindsOf(table, this.#fixedOptions.edge), this.#master.pids());
    if (running === undefined) await this.#start(rendering);
    else if (reloaded) await this.#reload(running, rendering);
    await this.#reconciler.reconcile(table);
    await this.#files.remember(table, rendering);
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
    await this.#files.makeFolder();
    const wanted = wantedCertificates(table);
    const certificates = await prepareCertificates(wanted, this.#layout.certificates, this.#clock);
    return renderProxy({ table, options: { ...this.#fixedOptions, hostAddresses: hostAddresses() }, certificates });
  }

  async #start(rendering: Rendering): Promise<void> {
    const binary = await this.#program();
    // Not checked before: a start says by itself what it does not like, and every moment counts after a death.
    await this.#files.layDown(rendering, '');
    this.#deathWatch.stop();
    this.#running = await this.#master.start(binary, rendering.structure);
    this.#deathWatch.start();
  }

  /** A configuration that is refused, before or during the reload, leaves the running one as it is. */
  async #reload(running: ProcessId, rendering: Rendering): Promise<void> {
    await this.#files.requireValid(rendering, await this.#program());
    const goBack = await this.#files.layDown(rendering, await this.#breakers.carriedOver());
    try {
      await this.#master.reload(running, rendering.structure);
    } catch (error) {
      await goBack();
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

  /** The machine's addresses changed: what listens on all of them must follow. */
  async #listenElsewhere(): Promise<void> {
    await this.#serial
      .run(async () => {
        if (await this.#adopt()) await this.#apply(await this.#files.lastTable());
      })
      .catch(() => {
        // The next change of the table tries again and can tell somebody.
      });
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
