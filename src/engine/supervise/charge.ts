import { fail } from '#core/errors.ts';
import type { Exit, ObservedInstance } from '#model/instance.ts';
import type { Release } from '#model/release.ts';
import type { ServiceSpec } from '#model/spec.ts';
import { decideRestart, mayRestart, recoveredAfterMs } from '#rollout/backoff.ts';
import { servingIds, withAddress } from '#rollout/traffic/edits.ts';
import type { News } from '../events/event-book.ts';
import { instanceSpec } from '../instance-spec.ts';
import { until } from '../waiting.ts';
import type { SupervisorParts } from './supervisor.ts';

/** How long a restart waits for what the service depends on before it is tried anyway, milliseconds. */
const dependencyLimitMs = 60_000;

/** An end that nobody saw: the daemon or the machine was down. */
const unseen: Pick<Exit, 'code'> = { code: undefined };

interface Options {
  readonly parts: SupervisorParts;
  readonly project: string;
  readonly id: string;
  readonly role: 'serving' | 'warm';
}

type Doing = 'nothing' | 'reviving' | 'given-up';

/** One instance that is kept alive. */
export class Charge {
  readonly project: string;
  readonly id: string;
  readonly #parts: SupervisorParts;
  readonly #dismissed = new AbortController();
  #role: Options['role'];
  #spec: ServiceSpec | undefined;
  #release: Release | undefined;
  #doing: Doing = 'nothing';
  #crashes = 0;
  #healthySince: number | undefined;

  constructor({ parts, project, id, role }: Options) {
    this.#parts = parts;
    this.project = project;
    this.id = id;
    this.#role = role;
  }

  /** Its restart policy has left it stopped. */
  get gaveUp(): boolean {
    return this.#doing === 'given-up';
  }

  update(spec: ServiceSpec, role: Options['role'], release: Release | undefined): void {
    this.#spec = spec;
    this.#role = role;
    this.#release = release;
  }

  /** It runs, whatever was given up before. */
  onRunning(): void {
    if (this.#doing === 'given-up') this.#doing = 'nothing';
  }

  dismiss(): void {
    this.#dismissed.abort();
  }

  onHealthy(): void {
    this.#healthySince ??= this.#parts.world.clock.now();
    this.#tell((who) => ({ event: 'instance-healthy', ...who }));
  }

  onUnhealthy(): void {
    this.#tell((who) => ({ event: 'instance-unhealthy', ...who }));
  }

  /** It ended: start it again, or not, as its policy says. */
  onEnded(): void {
    const exit = this.#parts.book.entry(this.project, this.id)?.exit;
    if (this.#doing !== 'nothing' || exit === undefined) return;
    this.#tellDeath(exit);
    if (this.#role === 'warm') {
      this.#parts.world.store.unpark(this.project, this.id);
      this.#doing = 'given-up';
      return;
    }
    const lasted = this.#healthySince === undefined ? 0 : exit.at - this.#healthySince;
    if (lasted >= recoveredAfterMs) this.#crashes = 0;
    this.#healthySince = undefined;
    this.#again(exit);
  }

  /**
   * It is found not running. Started again, unless it was seen to end in a way that its policy leaves at that; a reboot
   * or lost records are no fault of its own.
   */
  bringBack(exit: Exit | undefined): void {
    if (this.#doing !== 'nothing' || this.#spec === undefined) return;
    if (this.#role === 'warm') {
      this.#parts.world.store.unpark(this.project, this.id);
      this.#doing = 'given-up';
      return;
    }
    if (exit?.code !== undefined && !mayRestart(this.#spec.restart, exit)) this.#doing = 'given-up';
    else {
      this.#tellDeath(exit);
      this.#revive(0, 'after what it depends on');
    }
  }

  #again(exit: Pick<Exit, 'code'>): void {
    if (this.#spec === undefined) return;
    const decision = decideRestart(this.#spec.restart, exit, { crashes: this.#crashes });
    this.#crashes += 1;
    if (decision.kind === 'give-up') this.#giveUp();
    else this.#revive(decision.inMs, 'at once');
  }

  #giveUp(): void {
    this.#doing = 'given-up';
    const restarts = this.#parts.book.entry(this.project, this.id)?.instance.restarts ?? 0;
    this.#tell((who) => ({ event: 'instance-gave-up', ...who, restarts }));
  }

  #tellDeath(exit: Exit | undefined): void {
    const { code, signal, outOfMemory = false } = exit ?? {};
    this.#tell((who) => ({ event: 'instance-died', ...who, code, signal, outOfMemory }));
  }

  /** A warm instance serves nobody, so what becomes of it is no news. */
  #tell(news: (who: { readonly project: string; readonly service: string; readonly instance: string }) => News): void {
    if (this.#spec === undefined || this.#role === 'warm') return;
    this.#parts.events.tell(news({ project: this.project, service: this.#spec.name, instance: this.id }));
  }

  #revive(inMs: number, when: 'at once' | 'after what it depends on'): void {
    this.#doing = 'reviving';
    this.#start(inMs, when).then(
      (started) => this.#onStarted(started),
      (error: unknown) => {
        if (this.#dismissed.signal.aborted) return;
        this.#parts.onFailure(`start ${this.id} again`, error);
        this.#again(unseen);
      },
    );
  }

  async #start(inMs: number, when: 'at once' | 'after what it depends on'): Promise<ObservedInstance> {
    const { world } = this.#parts;
    const { signal } = this.#dismissed;
    if (inMs > 0) await world.clock.wait(inMs, signal);
    if (when === 'after what it depends on') await this.#dependencies();
    signal.throwIfAborted();
    const runtime = this.#spec === undefined ? undefined : world.runtimes[this.#spec.runtime];
    if (runtime === undefined) throw fail('RUNTIME_MISSING', { runtime: this.#spec?.runtime ?? '?' });
    const exists = (await runtime.observe(this.project)).some((one) => one.id === this.id);
    if (exists) return runtime.restart(this.project, this.id, signal);
    if (this.#release === undefined || this.#spec === undefined)
      throw fail('INSTANCE_GONE', { service: this.#spec?.name ?? '?', instance: this.id });
    const made = await instanceSpec(world, this.#release, this.#spec.name, this.id);
    return runtime.start({ ...made, spec: this.#spec }, signal);
  }

  #onStarted(started: ObservedInstance): void {
    const { book, traffic, onFailure } = this.#parts;
    if (this.#dismissed.signal.aborted || this.#spec === undefined) return;
    this.#doing = 'nothing';
    this.#tell((who) => ({ event: 'instance-restarted', ...who, restarts: started.restarts }));
    book.watch(started, this.#spec);
    traffic
      .edit(this.project, this.#spec.name, (now) => now && withAddress(now, this.id, started.address))
      .catch((error: unknown) => onFailure(`route to ${this.id}`, error));
  }

  /** In the order of `depends_on`, but not for ever: a dependency that stays ill must not keep everything down. */
  async #dependencies(): Promise<void> {
    const { world, book, traffic } = this.#parts;
    const names = Object.keys(this.#spec?.dependsOn ?? {}).filter((name) => {
      const spec = this.#release?.services[name];
      return spec !== undefined && !spec.oneShot;
    });
    const giveUpAt = world.clock.now() + dependencyLimitMs;
    const met = () =>
      world.clock.now() >= giveUpAt ||
      names.every((name) => servingIds(traffic.of(this.project)[name]).some((id) => book.isHealthy(this.project, id)));
    await until(met, { clock: world.clock, signal: this.#dismissed.signal, fastestMs: 20, slowestMs: 250 });
  }
}
