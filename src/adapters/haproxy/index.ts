import { acmeFolder } from '#adapters/acme/issued.ts';
import { CounterLedger, type WorkerStat } from '#balancer/counters.ts';
import { parseStat, type Worker } from '#balancer/live.ts';
import { proxyName } from '#balancer/names.ts';
import type { ProxyOptions } from '#balancer/options.ts';
import { type Rendering, renderProxy } from '#balancer/render.ts';
import { hasCode } from '#core/errors.ts';
import type { ServedCertificate } from '#model/certificate.ts';
import type { BreakerStatus, RequestEnd } from '#model/metrics.ts';
import type { BackendId, RouteTable } from '#model/route.ts';
import type { Balancer, ServerCounters } from '#world/balancer.ts';
import type { Clock } from '#world/clock.ts';
import type { TrafficSink } from '#world/meter.ts';
import { bindablePart, bindsOf, requireBindable } from './binds.ts';
import { BreakerWatch } from './breaker-watch.ts';
import { Challenges } from './challenges.ts';
import { CounterHandover } from './counter-handover.ts';
import { CountsWatch } from './counts-watch.ts';
import { DeathWatch } from './death-watch.ts';
import { hostAddresses, watchHostAddresses } from './host-addresses.ts';
import type { Launcher } from './launch/launcher.ts';
import { Launchers } from './launch/launchers.ts';
import { type Layout, layoutOf } from './layout.ts';
import { Master } from './master.ts';
import { findPortHolder, type PortHolder } from './port-holder.ts';
import { Presented } from './presented.ts';
import { lives, type ProcessId } from './processes.ts';
import { ProxyFiles } from './proxy-files.ts';
import { Reconciler } from './reconciler.ts';
import { RequestStream } from './request-stream.ts';
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
  /** Run the proxy in a container of this image, even where the host has HAProxy. */
  readonly image?: string | undefined;
  /** Who wants to know what the proxy measures. */
  readonly traffic?: TrafficSink;
  /** Called once for each request that is told, those before this daemon's life included as far as the proxy has them. */
  readonly onRequest?: (end: RequestEnd) => void;
}

/** The proxy of one home. It finds a proxy that an earlier daemon left running and goes on with it. */
export function createHaproxy(options: HaproxyOptions): Balancer {
  return new Haproxy(options);
}

interface Running {
  readonly master: ProcessId;
  readonly launcher: Launcher;
}

class Haproxy implements Balancer {
  readonly #clock: Clock;
  readonly #layout: Layout;
  readonly #fixedOptions: Omit<ProxyOptions, 'hostAddresses' | keyof Launcher['terms']>;
  readonly #launchers: Launchers;
  readonly #files: ProxyFiles;
  readonly #master: Master;
  readonly #reconciler: Reconciler;
  readonly #certificates: Presented;
  readonly #challenges: Challenges;
  readonly #serial = new Serial();
  readonly #ledger = new CounterLedger();
  readonly #listeners = new Set<() => void>();
  readonly #breakerListeners = new Set<(breaker: BreakerStatus) => void>();
  readonly #deathWatch: DeathWatch;
  readonly #breakers: BreakerWatch;
  readonly #requests: RequestStream;
  readonly #counts: CountsWatch;
  readonly #counterHandover: CounterHandover;
  readonly #forgetAddresses: () => void;
  #running: Running | undefined;

  constructor({
    home,
    httpPort,
    httpsPort,
    edgeAddress,
    clock,
    trustedProxies = [],
    image,
    traffic,
    onRequest,
  }: HaproxyOptions) {
    this.#clock = clock;
    this.#layout = layoutOf(home);
    this.#master = new Master({ layout: this.#layout, clock });
    this.#launchers = new Launchers({ layout: this.#layout, clock, image });
    this.#challenges = new Challenges(this.#master.line, this.#layout.challengeMap);
    this.#files = new ProxyFiles(this.#layout, () => this.#challenges.text);
    this.#certificates = new Presented({
      ...{ line: this.#master.line, folder: this.#layout.certificates, acme: acmeFolder(home), clock },
      changed: () => void this.#applyAgain(),
    });
    this.#reconciler = new Reconciler({
      line: this.#master.line,
      holdMap: this.#layout.holdMap,
      canaryMap: this.#layout.canaryMap,
      clock,
    });
    this.#fixedOptions = {
      ...this.#layout,
      edge: { address: edgeAddress, httpPort, httpsPort },
      trustedProxies,
    };
    const { line } = this.#master;
    this.#counterHandover = new CounterHandover({ line, handover: this.#layout.handover, clock });
    this.#breakers = new BreakerWatch({ layout: this.#layout, line, onTurn: (one) => this.#turned(one) });
    const openedAt = clock.now();
    this.#requests = new RequestStream({
      ...{ statsSocket: this.#layout.statsSocket, line },
      onEnd: (end) => {
        if (!end.takenOver) onRequest?.(end);
        // What a daemon before us heard is judged and counted already.
        if (end.at < openedAt) return;
        this.#breakers.ended(end);
        this.#counts.ended(end);
        traffic?.ended(end);
      },
    });
    this.#counts = new CountsWatch({
      line,
      clock,
      stream: this.#requests,
      sink: traffic,
      onLook: (now) => this.#breakers.tell(now),
    });
    this.#forgetAddresses = watchHostAddresses(() => void this.#applyAgain());
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
      this.#breakers.watch(last);
      this.#counts.open();
      if (await this.#adopt()) return this.#breakers.resume();
      const launcher = await this.#launchers.choose();
      const table = await bindablePart(last, this.#fixedOptions.edge);
      await this.#start(launcher, await this.#render(table, launcher));
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

  answerChallenge(token: string, answer: string | undefined): Promise<void> {
    return this.#serial.run(async () => {
      if (answer === undefined) await this.#challenges.forget(token);
      else await this.#challenges.set(token, answer);
    });
  }

  certificates(): readonly ServedCertificate[] {
    return this.#certificates.served();
  }

  breakers(): readonly BreakerStatus[] {
    return this.#breakers.states(this.#clock.now());
  }

  watchBreakers(listener: (breaker: BreakerStatus) => void): () => void {
    this.#breakerListeners.add(listener);
    return () => this.#breakerListeners.delete(listener);
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
      await (await this.#launchers.last()).clear();
      await this.#deafen();
      await this.#files.clearOutside();
    });
  }

  async close(): Promise<void> {
    this.#deathWatch.stop();
    this.#forgetAddresses();
    this.#certificates.close();
    this.#listeners.clear();
    this.#breakerListeners.clear();
    await this.#serial.idle();
    await this.#deafen();
  }

  async #apply(table: RouteTable): Promise<{ readonly reloaded: boolean }> {
    this.#counts.open();
    const running = await this.#adopt();
    const launcher = running?.launcher ?? (await this.#launchers.choose());
    const rendering = await this.#render(table, launcher);
    let reloaded = running === undefined || (await this.#master.structure()) !== rendering.structure;
    if (reloaded) await requireBindable(bindsOf(table, this.#fixedOptions.edge), this.#master.pids());
    if (running === undefined) await this.#start(launcher, rendering);
    else if (reloaded) await this.#reload(running, rendering);
    else reloaded = (await this.#present(running, rendering)) === 'reloaded';
    await this.#reconciler.reconcile(table);
    await this.#files.remember(table, rendering);
    this.#breakers.watch(table);
    return { reloaded };
  }

  #turned(breaker: BreakerStatus): void {
    for (const listener of this.#breakerListeners) listener(breaker);
  }

  async #deafen(): Promise<void> {
    await this.#counts.close();
    this.#requests.close();
  }

  /** The proxy that runs, found again when need be. */
  async #adopt(): Promise<Running | undefined> {
    if (!this.#isAlive()) {
      const master = await this.#master.find();
      this.#running = master && { master, launcher: await this.#launchers.last() };
    }
    if (this.#running !== undefined) this.#deathWatch.start();
    return this.#running;
  }

  #isAlive(): boolean {
    return this.#running !== undefined && lives(this.#running.master);
  }

  async #render(table: RouteTable, { terms }: Launcher): Promise<Rendering> {
    await this.#files.makeFolder();
    const certificates = await this.#certificates.prepare(table);
    const options = { ...this.#fixedOptions, ...terms, hostAddresses: hostAddresses() };
    return renderProxy({ table, options, certificates });
  }

  async #start(launcher: Launcher, rendering: Rendering): Promise<void> {
    // Not checked before: a start says by itself what it does not like, and every moment counts after a death.
    await this.#files.layDown(rendering, '');
    this.#deathWatch.stop();
    this.#counts.beginAtNothing();
    const former = await this.#launchers.last();
    if (former !== launcher) await former.clear();
    this.#running = { master: await this.#master.start(launcher, rendering.structure), launcher };
    await this.#breakers.openAgain(this.#clock.now());
    await this.#counterHandover.nothingToLearn();
    await this.#counts.follow();
    await this.#certificates.loaded();
    this.#deathWatch.start();
  }

  /** A configuration that is refused, before or during the reload, leaves the running one as it is. */
  async #reload({ master, launcher }: Running, rendering: Rendering): Promise<void> {
    await this.#files.requireValid(rendering, launcher);
    const goBack = await this.#files.layDown(rendering, await this.#breakers.carriedOver());
    try {
      await this.#counterHandover.ready();
      await this.#master.reload(master, rendering.structure, launcher);
      await this.#breakers.openAgain(this.#clock.now());
      await this.#counts.follow();
    } catch (error) {
      await goBack();
      throw error;
    }
    await this.#certificates.loaded();
  }

  /** Certificates need no reload, unless one is too long for the socket. */
  async #present(running: Running, rendering: Rendering): Promise<'reloaded' | 'pushed'> {
    try {
      await this.#certificates.push();
      return 'pushed';
    } catch (error) {
      if (!hasCode(error, 'PROXY_COMMAND_REFUSED')) throw error;
      await this.#reload(running, rendering);
      return 'reloaded';
    }
  }

  /** What the table stands on changed: addresses of the machine that it listens on, or files of certificates. */
  async #applyAgain(): Promise<void> {
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
