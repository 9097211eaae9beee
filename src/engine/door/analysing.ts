import { fail } from '#core/errors.ts';
import { type Said, said } from '#core/messages/say.ts';
import type { CanaryAnalysis, CanaryEvidence, CanaryReport, Verdict } from '#model/canary.ts';
import type { StepOf } from '#model/plan.ts';
import { elapsedMs, isPaused, isPromoted } from '#rollout/steering.ts';
import { rotationOf } from '#rollout/traffic/edits.ts';
import { askChecks } from '../canary/ask-checks.ts';
import { CanaryJudge, type Finding } from '../canary/judge.ts';
import { notGoodEnough, tooLittleToSay } from '../canary/why-back.ts';
import { gatherEvidence } from '../evidence.ts';
import { WitnessedFailure } from '../failure.ts';
import { route } from './flow.ts';
import { judgeInstances } from './observing.ts';
import type { Scope } from './scope.ts';
import { Signal } from './signal.ts';

/** How often it is looked whether the errors are beyond hope, milliseconds; a crash is heard of at once. */
const lookEveryMs = 1000;

/**
 * Judges the canary while it has its share: for its pause at least, longer while there is too little to judge by, and
 * until somebody promotes it where that was asked for. Its life, its probe and its errors are watched all the time.
 */
export async function analyse(scope: Scope, step: StepOf<'analyse'>): Promise<void> {
  const { ctx, orders } = scope;
  const told = new Signal();
  const forgetBook = ctx.parts.book.subscribe((event) => {
    if (event.what !== 'answered' && step.canary.includes(event.instance)) told.ring();
  });
  const forgetOrders = orders.onSteered(() => told.ring());
  try {
    await routeAgain(scope, step);
    await new Judging(scope, step, told).untilItMayRise();
  } finally {
    forgetBook();
    forgetOrders();
    ctx.parts.canaries.clear(ctx.project, step.service);
  }
}

/** A daemon that died while it failed the canary may have sent the requests back already. */
async function routeAgain(scope: Scope, step: StepOf<'analyse'>): Promise<void> {
  const before = scope.ctx.plan.steps.find((one) => step.after.includes(one.id));
  if (before?.kind === 'route') await route(scope, step.service, before.to);
}

class Judging {
  readonly #scope: Scope;
  readonly #step: StepOf<'analyse'>;
  readonly #analysis: CanaryAnalysis;
  readonly #judge: CanaryJudge;
  /** Rings with news of the canary, and with orders. */
  readonly #told: Signal;
  readonly #watchedSince: number;
  #found: Finding = { verdict: 'inconclusive', evidence: [], requests: { canary: 0, stable: 0 } };
  #nextVerdict: number;
  #lastNews = '';

  constructor(scope: Scope, step: StepOf<'analyse'>, told: Signal) {
    const { ctx, startedAt } = scope;
    const { strategy } = ctx.wanted(step.service);
    if (strategy.kind !== 'canary') throw fail('ROLLOUT_INTERNAL', { detail: `${step.service} is no canary` });
    this.#scope = scope;
    this.#step = step;
    this.#told = told;
    this.#watchedSince = ctx.parts.world.clock.now();
    this.#analysis = strategy.analysis;
    this.#nextVerdict = startedAt + strategy.analysis.intervalMs;
    const { service, canary, stable } = step;
    const sides = { project: ctx.project, service, canary, stable };
    this.#judge = new CanaryJudge({
      ...sides,
      meter: ctx.parts.world.meter,
      analysis: strategy.analysis,
      since: startedAt,
    });
  }

  async untilItMayRise(): Promise<void> {
    const { clock } = this.#scope.ctx.parts.world;
    for (;;) {
      await this.#watch();
      if (this.#isPromoted() || (await this.#look(clock.now()))) return;
      await this.#news();
    }
  }

  #isPromoted(): boolean {
    return isPromoted(this.#scope.orders.steering, this.#step.id);
  }

  #news(): Promise<void> {
    const { ctx, signal } = this.#scope;
    return this.#told.orAfter((own) => ctx.parts.world.clock.wait(lookEveryMs, AbortSignal.any([signal, own])));
  }

  /** What needs no verdict: a crash, a failing probe, and errors beyond hope. */
  async #watch(): Promise<void> {
    const { service, canary } = this.#step;
    await judgeInstances(this.#scope, { service, instances: canary });
    const lost = this.#isPromoted() ? undefined : this.#judge.isLost(this.#scope.ctx.parts.world.clock.now());
    if (lost === undefined) return;
    this.#found = lost;
    await this.#failFor(lost.evidence);
  }

  /** One look. May the next share come? */
  async #look(now: number): Promise<boolean> {
    const isOver = this.#left(now) <= 0;
    const isDue = now >= this.#nextVerdict || isOver;
    if (isDue) await this.#takeVerdict(now);
    const mayEnd = isOver && !isPaused(this.#scope.orders.steering);
    const given = mayEnd && this.#overtime(now) >= this.#analysis.inconclusive.forMs;
    const { action } = this.#analysis.inconclusive;
    const ends = mayEnd && (this.#isGoodEnough() || (given && action === 'promote'));
    if (given && !ends && action === 'fail') await this.#failForWant(now);
    this.#tell(now, isDue);
    return ends;
  }

  async #takeVerdict(now: number): Promise<void> {
    this.#nextVerdict = now + this.#analysis.intervalMs;
    const found = this.#judge.verdict(now, this.#isStableUp());
    const checks = await this.#askWatchfully();
    const evidence = [...found.evidence, ...checks];
    this.#found = { ...found, evidence, verdict: joined([found.verdict, ...checks.map((one) => one.verdict)]) };
    if (this.#found.verdict === 'fail') await this.#failFor(evidence);
  }

  /** With no share there is nobody to judge by but testers: their silence says nothing against the release. */
  #isGoodEnough(): boolean {
    return this.#found.verdict === 'pass' || (this.#found.verdict === 'inconclusive' && this.#step.percent === 0);
  }

  /** A check that is slow to answer keeps nobody from hearing of a crash. */
  async #askWatchfully(): Promise<readonly CanaryEvidence[]> {
    let isAnswered = false;
    const asked = this.#askChecks().finally(() => {
      isAnswered = true;
      this.#told.ring();
    });
    // It is awaited below, unless the canary is over before.
    asked.catch(() => undefined);
    for (;;) {
      await this.#news();
      if (isAnswered) return asked;
      await this.#watch();
    }
  }

  #askChecks(): Promise<readonly CanaryEvidence[]> {
    const { ctx } = this.#scope;
    const members = ctx.parts.traffic.of(ctx.project)[this.#step.service]?.members ?? [];
    const instances = members.flatMap(({ id, address, ports: [port] }) =>
      this.#step.canary.includes(id) && address !== undefined && port !== undefined ? [{ address, port }] : [],
    );
    return askChecks({ prober: ctx.parts.world.prober, checks: this.#analysis.checks, instances });
  }

  /** A stable release of which nothing works is no measure: the canary may be its cure. */
  #isStableUp(): boolean {
    const { ctx } = this.#scope;
    return this.#step.stable.some(
      (id) => !ctx.parts.traffic.isSick(ctx.project, id) && ctx.parts.book.entry(ctx.project, id)?.exit === undefined,
    );
  }

  /** Milliseconds of the share's own time that are left; without end while somebody is to promote it. */
  #left(now: number): number {
    const { pause } = this.#step;
    const { orders, startedAt } = this.#scope;
    return pause === 'promoted' ? Number.POSITIVE_INFINITY : pause - elapsedMs(orders.steering, startedAt, now);
  }

  /** Milliseconds beyond that time; while no daemon ran nobody waited for more. */
  #overtime(now: number): number {
    return Math.min(-this.#left(now), now - this.#watchedSince);
  }

  #failFor(evidence: readonly CanaryEvidence[]): Promise<never> {
    return this.#fail(notGoodEnough({ ...this.#step, evidence, requests: this.#found.requests }), evidence);
  }

  #failForWant(now: number): Promise<never> {
    const { evidence, requests } = this.#found;
    const seconds = Math.round(this.#overtime(now) / 1000);
    const needed = this.#analysis.minRequests;
    return this.#fail(tooLittleToSay({ ...this.#step, evidence, requests, seconds, needed }), evidence);
  }

  /** The requests go back before anything else: to read an instance's log may take a moment. */
  async #fail(what: Said, analysis: readonly CanaryEvidence[]): Promise<never> {
    const { ctx } = this.#scope;
    this.#announce({ ...this.#report(ctx.parts.world.clock.now()), verdict: 'fail', evidence: analysis });
    await route(this.#scope, this.#step.service, rotationOf(ctx.plan.baseline[this.#step.service]));
    const seen = await gatherEvidence(ctx, this.#step.canary[0] ?? this.#step.service);
    throw new WitnessedFailure(what, { ...seen, analysis });
  }

  #tell(now: number, isVerdict: boolean): void {
    const report = this.#report(now);
    this.#scope.ctx.parts.canaries.show(this.#scope.ctx.project, report);
    // Somebody may be waited for over days: then only news are told, and `status` has the rest.
    const isNews = `${report.state} ${report.verdict}` !== this.#lastNews;
    if (isNews || (isVerdict && report.state === 'judging')) this.#announce(report);
  }

  #announce(report: CanaryReport): void {
    const { percent, verdict, state, requests, leftMs } = report;
    this.#lastNews = `${state} ${verdict}`;
    const seconds = leftMs === undefined ? undefined : Math.ceil(leftMs / 1000);
    this.#scope.ctx.tell({ event: 'canary', step: this.#step.id, canary: report });
    this.#scope.progress(said('PROGRESS_CANARY', { percent, verdict, state, ...requests, seconds }));
  }

  #report(now: number): CanaryReport {
    const { service, position, of, percent } = this.#step;
    const state = this.#state(now);
    const left = this.#left(now);
    // One that is good enough waits for nothing beyond its time.
    const more = this.#isGoodEnough() ? 0 : this.#analysis.inconclusive.forMs - this.#overtime(now);
    const leftMs = left > 0 ? left : Math.max(0, more);
    const { verdict, requests, evidence } = this.#found;
    return {
      service,
      position,
      of,
      percent,
      state,
      verdict,
      requests,
      evidence,
      leftMs: state === 'judging' ? leftMs : undefined,
    };
  }

  #state(now: number): CanaryReport['state'] {
    if (isPaused(this.#scope.orders.steering)) return 'paused';
    const { forMs, action } = this.#analysis.inconclusive;
    const isGivenUp = action === 'pause' && this.#overtime(now) >= forMs;
    return this.#step.pause === 'promoted' || isGivenUp ? 'waiting' : 'judging';
  }
}

function joined(verdicts: readonly Verdict[]): Verdict {
  if (verdicts.includes('fail')) return 'fail';
  return verdicts.includes('inconclusive') ? 'inconclusive' : 'pass';
}
