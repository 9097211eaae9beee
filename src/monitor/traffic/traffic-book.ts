import { releaseOf } from '#core/instance-id.ts';
import type { InstanceCounts, RequestEnd, TimeWindow, TrafficOf, TrafficStats } from '#model/metrics.ts';
import type { BackendId } from '#model/route.ts';
import type { Meter, TrafficSink } from '#world/meter.ts';
import { Series } from './series.ts';
import { Tally } from './tally.ts';

/** What is known of one service. */
interface Page {
  /** By instance: the proxy's own counters, exact. */
  readonly counted: Map<string, Series>;
  /** By route and instance: what requests told when they ended. Without an instance: what the proxy answered itself. */
  readonly ended: Map<string, Told>;
}

interface Told {
  readonly route: string | undefined;
  readonly instance: string | undefined;
  readonly series: Series;
}

/** One kind of requests since the daemon started, for the metrics page. */
export interface TrafficTotals {
  readonly project: string;
  readonly service: string;
  readonly route: string | undefined;
  readonly instance: string | undefined;
  readonly total: Tally;
}

/** An instance that may get requests. */
export interface Present {
  readonly project: string;
  readonly service: string;
  readonly instance: string;
}

/** Stands for the instance of a request that another worker of the proxy brought there. */
const elsewhere = '';

/** Traffic nobody asked about for this long is forgotten. */
const forgottenAfterMs = 20 * 60_000;

/** Everything that the proxy measured lately, kept by service, instance and route. */
export class TrafficBook implements Meter, TrafficSink {
  readonly #pages = new Map<string, Page>();
  #inFlight: readonly { readonly service: string; readonly instance: string; readonly requests: number }[] = [];
  #tidiedAt = 0;

  counted({ backend, instance, at, answers, connections, brokenOff, bytesIn, bytesOut }: InstanceCounts): void {
    const series = entryOf(this.#page(serviceOf(backend)).counted, instance, () => new Series());
    for (const tally of [series.second(at), series.total]) {
      if (tally === undefined) continue;
      tally.addAnswers(answers);
      tally.connections += connections;
      tally.brokenOff += brokenOff;
      tally.bytesIn += bytesIn;
      tally.bytesOut += bytesOut;
    }
    this.#tidy(at);
  }

  ended(end: RequestEnd): void {
    if (end.backend === undefined) return;
    // The telling of the other worker names the instance, this one only the route.
    if (end.handedOver && end.route === undefined) return;
    const instance = end.handedOver ? elsewhere : end.instance;
    const { series } = this.#told(serviceOf(end.backend), end.route, instance);
    for (const tally of [series.second(end.at), series.total]) if (tally !== undefined) take(tally, end);
  }

  inFlight(
    now: readonly { readonly backend: BackendId; readonly instance: string; readonly requests: number }[],
  ): void {
    this.#inFlight = now.map(({ backend, instance, requests }) => ({
      service: serviceOf(backend),
      instance,
      requests,
    }));
  }

  stats(of: TrafficOf, window: TimeWindow): TrafficStats {
    const sum = new Tally();
    const page = this.#pages.get(`${of.project}/${of.service}`);
    if (page !== undefined && of.route === undefined) collectAll(sum, page, of, window);
    if (page !== undefined && of.route !== undefined) collectRoute(sum, page, of, window);
    return sum.stats(this.#running(of));
  }

  /**
   * What was counted since the start: of each instance exactly, of each route by what its requests told.
   *
   * @param present instances that are there, also if they were asked nothing yet: a counter that begins with its first
   *   requests hides them
   */
  totals(present: readonly Present[] = []): {
    readonly instances: readonly TrafficTotals[];
    readonly routes: readonly TrafficTotals[];
  } {
    const instances: TrafficTotals[] = [];
    const routes: TrafficTotals[] = [];
    for (const { project, service } of present) this.#page(`${project}/${service}`);
    for (const [name, page] of this.#pages) {
      const [project = '', service = ''] = name.split('/');
      const place = { project, service };
      const here = present.filter((one) => one.project === project && one.service === service);
      for (const instance of instancesOf(page).union(new Set(here.map((one) => one.instance))))
        instances.push({ ...place, ...totalOf(page, instance) });
      for (const { route, instance, series } of page.ended.values())
        routes.push({ ...place, route, instance, total: series.total });
    }
    return { instances, routes };
  }

  /** Requests that run now, by instance. */
  running(): readonly { readonly service: string; readonly instance: string; readonly requests: number }[] {
    return this.#inFlight;
  }

  #running(of: TrafficOf): number {
    const own = this.#inFlight.filter((one) => one.service === `${of.project}/${of.service}`);
    return own.filter((one) => isMeant(of, one.instance)).reduce((sum, one) => sum + one.requests, 0);
  }

  #page(service: string): Page {
    return entryOf(this.#pages, service, () => ({ counted: new Map(), ended: new Map() }));
  }

  #told(service: string, route: string | undefined, instance: string | undefined): Told {
    const key = `${route ?? ''} ${instance ?? ''}`;
    return entryOf(this.#page(service).ended, key, () => ({ route, instance, series: new Series() }));
  }

  /** Instances come and go with every deployment. */
  #tidy(now: number): void {
    if (now - this.#tidiedAt < 60_000) return;
    this.#tidiedAt = now;
    const running = new Set(this.#inFlight.map((one) => `${one.service} ${one.instance}`));
    for (const [service, page] of this.#pages) {
      const isOver = (instance: string | undefined, series: Series) =>
        series.lastAt < now - forgottenAfterMs && !running.has(`${service} ${instance ?? ''}`);
      for (const [instance, series] of page.counted) if (isOver(instance, series)) page.counted.delete(instance);
      for (const [key, { instance, series }] of page.ended)
        if (instance !== undefined && isOver(instance, series)) page.ended.delete(key);
    }
  }
}

function entryOf<K, V>(map: Map<K, V>, key: K, make: () => V): V {
  const known = map.get(key);
  if (known !== undefined) return known;
  const made = make();
  map.set(key, made);
  return made;
}

function take(tally: Tally, end: RequestEnd): void {
  const { weight, ending, status, ms } = end;
  const digit = Math.floor((status ?? 0) / 100);
  const isAnswer = end.counted || ending === 'refused';
  if (isAnswer) tally.answers[digit >= 1 && digit <= 5 ? (digit as 1 | 2 | 3 | 4 | 5) : 0] += weight;
  tally.bytesIn += end.bytesIn * weight;
  tally.bytesOut += end.bytesOut * weight;
  if (ending === 'failed') tally[end.counted ? 'brokenOff' : 'unanswered'] += weight;
  // A websocket takes as long as somebody looks at it, which says nothing about the service.
  if (ending === 'answered' && status !== 101) tally.time(ms, weight);
}

/** Counters where there are any; what they do not tell from the requests themselves. */
function collectAll(sum: Tally, page: Page, of: TrafficOf, window: TimeWindow): void {
  for (const [instance, series] of page.counted)
    if (isMeant(of, instance)) series.collect(window, (second) => sum.add(second));
  for (const { instance, series } of page.ended.values()) {
    if (instance === elsewhere || !isMeant(of, instance)) continue;
    series.collect(window, (second) => (instance === undefined ? sum.add(second) : sum.addEndings(second)));
  }
}

function collectRoute(sum: Tally, page: Page, of: TrafficOf, window: TimeWindow): void {
  for (const { route, instance, series } of page.ended.values())
    if (route === of.route && isMeant(of, instance)) series.collect(window, (second) => sum.add(second));
}

/** What no instance answered belongs to the service, and to none of its releases. */
function isMeant({ release, instances }: TrafficOf, instance: string | undefined): boolean {
  if (instance === undefined) return release === undefined && instances === undefined;
  if (instances !== undefined && !instances.includes(instance)) return false;
  return release === undefined || releaseOf(instance) === release;
}

function instancesOf(page: Page): Set<string | undefined> {
  const told = [...page.ended.values()].map((one) => one.instance);
  return new Set([...page.counted.keys(), ...told.filter((one) => one !== elsewhere)]);
}

function totalOf(page: Page, instance: string | undefined): Omit<TrafficTotals, 'project' | 'service'> {
  const total = new Tally();
  const counted = instance === undefined ? undefined : page.counted.get(instance);
  if (counted !== undefined) total.add(counted.total);
  for (const told of page.ended.values()) {
    if (told.instance !== instance) continue;
    if (instance === undefined) total.add(told.series.total);
    else total.addEndings(told.series.total);
  }
  return { route: undefined, instance, total };
}

function serviceOf(backend: BackendId): string {
  return backend.slice(0, backend.lastIndexOf(':'));
}
