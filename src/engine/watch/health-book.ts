import type { Exit, ObservedInstance } from '#model/instance.ts';
import type { ServiceSpec } from '#model/spec.ts';
import { askInstance } from '#probes/ask.ts';
import { type Answer, type Health, judge, unknownHealth } from '#probes/health.ts';
import type { ProbeDoor } from '#probes/kind.ts';
import type { Runtime, RuntimeEvent } from '#world/runtime.ts';
import type { World } from '#world/world.ts';
import { runtimesOf } from '../observe.ts';
import { paceMs, staysHealthy } from './pace.ts';

/** What the book tells those who listen. `answered`: a probe was answered, and the verdict is as before. */
export interface BookEvent {
  readonly project: string;
  readonly instance: string;
  readonly what: 'healthy' | 'unhealthy' | 'ended' | 'answered';
}

/** What is known of a watched instance. */
export interface Entry {
  readonly instance: ObservedInstance;
  readonly spec: ServiceSpec;
  readonly health: Health;
  /** It was healthy at some time since its last start. */
  readonly provedWell: boolean;
  /** How long that took since its start, milliseconds; undefined when nobody saw it. */
  readonly readyMs: number | undefined;
  readonly exit: Exit | undefined;
}

type Open = { -readonly [K in keyof Entry]: Entry[K] } & { readonly asking: AbortController };

/** Ends that came before anybody watched are remembered, but not without end. */
const mostEarlyExits = 1000;

/** The end of an instance that nobody was there to see. */
const unseen: Omit<Exit, 'at'> = { code: undefined, signal: undefined, outOfMemory: false };

/** The health of every watched instance: asks each by its probe, and hears from the runtimes when one ends. */
export class HealthBook {
  readonly #world: World;
  readonly #entries = new Map<string, Open>();
  readonly #earlyExits = new Map<string, Exit>();
  readonly #listeners = new Set<(event: BookEvent) => void>();
  readonly #unwatch: readonly (() => void)[];

  constructor(world: World) {
    this.#world = world;
    this.#unwatch = runtimesOf(world).map((runtime) => runtime.watch((event) => this.#onRuntimeEvent(event)));
  }

  /** Calls `listener` for all that happens from now on. Returns the way to stop listening. */
  subscribe(listener: (event: BookEvent) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  entry(project: string, id: string): Entry | undefined {
    return this.#entries.get(key(project, id));
  }

  isHealthy(project: string, id: string): boolean {
    const entry = this.entry(project, id);
    return entry?.exit === undefined && entry?.health.state === 'healthy';
  }

  /** How long the slowest instance of each service took until it was ready, milliseconds, where that was seen. */
  readyTimes(project: string): Record<string, number> {
    const times: Record<string, number> = {};
    for (const { instance, readyMs } of this.watched(project))
      if (readyMs !== undefined) times[instance.service] = Math.max(readyMs, times[instance.service] ?? 0);
    return times;
  }

  watched(project: string): readonly Entry[] {
    return [...this.#entries.values()].filter((entry) => entry.instance.project === project);
  }

  /**
   * Watches an instance since its last start. One that is watched already stays as it is, with the new spec.
   *
   * @param presumed what it counts as before its first answer: an adopted instance is what it was when it served
   */
  watch(instance: ObservedInstance, spec: ServiceSpec, presumed: Health['state'] = 'starting'): void {
    const name = key(instance.project, instance.id);
    const known = this.#entries.get(name);
    if (known !== undefined && known.instance.startedAt === instance.startedAt && known.exit === undefined) {
      known.spec = spec;
      return;
    }
    known?.asking.abort();
    const health = { ...unknownHealth(instance.startedAt ?? this.#world.clock.now()), state: presumed };
    const exit = this.#exitOf(instance);
    const entry: Open = {
      instance,
      spec,
      health,
      provedWell: presumed !== 'starting',
      readyMs: undefined,
      exit,
      asking: new AbortController(),
    };
    this.#entries.set(name, entry);
    if (exit === undefined && instance.state === 'running') void this.#ask(entry);
    else if (exit !== undefined) this.#tell(entry, 'ended');
  }

  /** Stops watching; nothing is known of the instance afterwards. */
  forget(project: string, id: string): void {
    this.#entries.get(key(project, id))?.asking.abort();
    this.#entries.delete(key(project, id));
  }

  close(): void {
    for (const unwatch of this.#unwatch) unwatch();
    for (const entry of this.#entries.values()) entry.asking.abort();
    this.#entries.clear();
    this.#listeners.clear();
  }

  async #ask(entry: Open): Promise<void> {
    const { signal } = entry.asking;
    while (!signal.aborted && !entry.spec.oneShot) {
      const answer = await askInstance(entry.spec.probe, entry.instance, this.#doorOf(entry));
      if (signal.aborted) return;
      this.#take(entry, answer);
      if (entry.provedWell && staysHealthy(entry.spec.probe)) return;
      const paused = await this.#world.clock
        .wait(paceMs(entry.health, entry.spec.probe, entry.provedWell), signal)
        .then(
          () => true,
          () => false,
        );
      if (!paused) return;
    }
  }

  #take(entry: Open, answer: Answer): void {
    const before = entry.health.state;
    entry.health = judge(entry.health, answer, entry.spec.probe, this.#world.clock.now());
    if (answer.ok && !entry.provedWell) {
      entry.provedWell = true;
      entry.readyMs = this.#world.clock.now() - entry.health.since;
    }
    const { state } = entry.health;
    this.#tell(entry, state === before || state === 'starting' ? 'answered' : state);
  }

  #onRuntimeEvent({ project, instance, exit }: RuntimeEvent): void {
    if (exit === undefined) return;
    const entry = this.#entries.get(key(project, instance));
    if (entry === undefined) {
      this.#remember(key(project, instance), exit);
      return;
    }
    // An end that the runtime tells late may be that of the run before a restart.
    if (entry.exit !== undefined || exit.at < (entry.instance.startedAt ?? 0)) return;
    entry.exit = exit;
    entry.asking.abort();
    this.#tell(entry, 'ended');
  }

  #remember(name: string, exit: Exit): void {
    this.#earlyExits.delete(name);
    this.#earlyExits.set(name, exit);
    const oldest = this.#earlyExits.keys().next().value;
    if (this.#earlyExits.size > mostEarlyExits && oldest !== undefined) this.#earlyExits.delete(oldest);
  }

  /** How it has ended already, if it has. */
  #exitOf(instance: ObservedInstance): Exit | undefined {
    const name = key(instance.project, instance.id);
    const early = this.#earlyExits.get(name);
    this.#earlyExits.delete(name);
    if (instance.state === 'exited') return instance.exit ?? { ...unseen, at: this.#world.clock.now() };
    return early !== undefined && early.at >= (instance.startedAt ?? 0) ? early : undefined;
  }

  #tell({ instance }: Open, what: BookEvent['what']): void {
    for (const listener of this.#listeners) listener({ project: instance.project, instance: instance.id, what });
  }

  #doorOf({ instance, spec }: Open): ProbeDoor {
    const runtime = this.#world.runtimes[spec.runtime] as Runtime;
    const { project, id } = instance;
    const since = instance.startedAt;
    return {
      prober: this.#world.prober,
      exec: (command, timeoutMs) => runtime.exec(project, id, command, timeoutMs),
      logs: () =>
        runtime.logs(
          { project, instance: id, ...(since === undefined ? {} : { since }) },
          AbortSignal.timeout(spec.probe.timeoutMs),
        ),
      now: () => this.#world.clock.now(),
    };
  }
}

function key(project: string, instance: string): string {
  return `${project}/${instance}`;
}
