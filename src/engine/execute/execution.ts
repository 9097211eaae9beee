import { fail, type TimonelError } from '#core/errors.ts';
import { type Said, said } from '#core/messages/say.ts';
import type { Evidence } from '#model/event.ts';
import type { SteeringOrder, UndoCause } from '#model/journal.ts';
import type { Step } from '#model/plan.ts';
import type { ServiceSpec } from '#model/spec.ts';
import type { DeploymentState } from '#model/status.ts';
import type { Observed } from '#rollout/observed.ts';
import { pausesAt, unrouted } from '#rollout/pause-on-failure.ts';
import { type Resumption, resumption } from '#rollout/resume.ts';
import type { Progress } from '#rollout/state.ts';
import { describeStep, runStep } from '#rollout/steps/table.ts';
import { planUndo } from '#rollout/undo.ts';
import { openDoor } from '../door/index.ts';
import { asFailure, evidenceOf } from '../failure.ts';
import { observeProject } from '../observe.ts';
import { isStoreTrouble, recordPauseMs } from '../store-trouble.ts';
import { withDeadline } from '../waiting.ts';
import type { Context } from './context.ts';
import type { Journal } from './journal.ts';
import { exitCodeOf } from './outcome.ts';
import { runSteps } from './run-steps.ts';

/** Steps of one deployment that run at once, at most: enough for the machine, not too many for its disks. */
const atOnce = 16;

/** Pauses before a step that must succeed is tried again, milliseconds. */
const retryPauses: readonly number[] = [200, 1000, 3000];

/** How a deployment ended. */
export interface Outcome {
  readonly state: DeploymentState;
  readonly code: number;
  readonly reason: Said | undefined;
  readonly evidence: Evidence | undefined;
}

interface Failure {
  readonly cause: UndoCause;
  readonly step: Step | undefined;
  readonly reason: Said;
  readonly evidence: Evidence | undefined;
}

interface Signals {
  readonly cancelled: AbortSignal;
  readonly halted: AbortSignal;
}

/** The daemon ends in the middle of a deployment. */
export class Halted extends Error {
  override readonly name = 'Halted';
}

/** Carries out one plan, from wherever its journal stands, to its end. */
export class Execution {
  readonly #ctx: Context;
  readonly #journal: Journal;
  readonly #cancelled: AbortSignal;
  readonly #halted: AbortSignal;
  readonly #stopping = new AbortController();
  #failure: Failure | undefined;
  #step: string | undefined;

  /**
   * @param cancelled the user wants it to stop and go back
   * @param halted the daemon ends: nothing more is done or written, so that the next start goes on from the journal
   */
  constructor(ctx: Context, journal: Journal, { cancelled, halted }: Signals) {
    this.#ctx = ctx;
    this.#journal = journal;
    this.#cancelled = cancelled;
    this.#halted = halted;
    cancelled.addEventListener('abort', () => this.#onCancel(), { once: true });
    halted.addEventListener('abort', () => this.#stopping.abort(new Halted()), { once: true });
  }

  /** Id of the step that was begun last. */
  get step(): string | undefined {
    return this.#step;
  }

  /**
   * Takes an order about the canary that is under way, and writes it down before it takes effect.
   *
   * @throws CANARY_NONE, CANARY_NOT_JUDGED_YET
   */
  steer(order: SteeringOrder, by: string): void {
    const { project } = this.#ctx;
    const { phase } = this.#journal;
    const judging = this.#ctx.plan.steps.filter((step) => step.kind === 'analyse');
    if (phase.kind !== 'forward' || this.#failure !== undefined) throw fail('CANARY_NONE', { project });
    const { started, done } = phase.progress;
    if (judging.every((step) => done.has(step.id))) throw fail('CANARY_NONE', { project });
    const gates = judging.filter((step) => started.has(step.id) && !done.has(step.id)).map((step) => step.id);
    if (order === 'promote' && gates.length === 0)
      throw fail('CANARY_NOT_JUDGED_YET', { project, step: this.#step ?? '-' });
    this.#journal.append({ kind: 'steered', order, gates, by });
    if (order === 'abort') this.#onCancel();
  }

  /** Begins, or goes on after a restart. `intact`: the recorded plan is whole and of this version. */
  async run(intact: boolean): Promise<Outcome> {
    const found = await this.#look();
    const next = resumption(this.#ctx.plan, this.#journal.phase, found, intact);
    this.#watchAgain(found);
    if (next.kind === 'continue') await this.#takeOver(next.done);
    if (this.#journal.steering.abortedBy !== undefined) this.#onCancel();
    if (next.kind === 'undo') this.#failure = this.#interrupted(next);
    if (this.#journal.phase.kind !== 'backward') await this.#forward();
    if (this.#journal.phase.kind === 'forward' && !this.#halted.aborted) await this.#turnRound();
    if (this.#journal.phase.kind === 'backward') await this.#backward();
    if (this.#halted.aborted) throw new Halted();
    return this.#end();
  }

  /** What there is now. After a restart it is looked at until it is seen: nothing else could be decided. */
  async #look(): Promise<Observed> {
    const { world, traffic, onFailure } = this.#ctx.parts;
    for (;;) {
      try {
        return await observeProject(world, traffic, this.#ctx.project);
      } catch (error) {
        if (this.#executed().size === 0) throw error;
        onFailure(`resume the deployment of ${this.#ctx.project}`, error);
        await world.clock.wait(retryPauses.at(-1) ?? 0, this.#halted);
      }
    }
  }

  /** After a restart: instances that were started or found ready before it are watched again. */
  #watchAgain(found: Observed): void {
    const { plan, parts } = this.#ctx;
    const executed = this.#executed();
    for (const step of plan.steps) {
      if (step.kind !== 'gate' || !executed.has(step.id)) continue;
      const instance = found.instances.find((one) => one.id === step.instance);
      const spec = instance && this.#ctx.specOf(instance);
      if (spec !== undefined && instance !== undefined) parts.book.watch(instance, spec);
      if (step.tolerated > 0 && instance?.state !== 'running') this.#ctx.tolerated.add(step.instance);
    }
  }

  /** Steps that were begun before a restart and turn out to be finished. */
  async #takeOver(done: readonly string[]): Promise<void> {
    for (const step of done) await this.#record({ kind: 'step-done', step });
  }

  #interrupted(next: Extract<Resumption, { kind: 'undo' }>): Failure {
    const step = this.#stepNamed(next.step);
    const failed = next.step === undefined ? undefined : this.#journal.failureOf(next.step);
    if (failed !== undefined) return { cause: 'failed', step, reason: failed, evidence: undefined };
    const reason = next.because === 'outdated' ? said('PLAN_OUTDATED', {}) : said('INTERRUPTED', { step: next.step });
    return { cause: 'interrupted', step, reason, evidence: undefined };
  }

  async #forward(): Promise<void> {
    if (this.#cancelled.aborted) this.#onCancel();
    await runSteps({
      steps: this.#ctx.plan.steps,
      done: this.#settled(),
      limit: atOnce,
      mayStart: () => !this.#halted.aborted && (this.#failure === undefined || this.#isCommitted()),
      run: (step) => (this.#isCommitted() ? this.#insist(step, 'forward') : this.#attempt(step)),
    });
  }

  /** After the commit, failed steps of an earlier life are tried again; before it, a failure has turned it round. */
  #settled(): ReadonlySet<string> {
    const { phase } = this.#journal;
    return phase.kind === 'ended' ? new Set() : phase.progress.done;
  }

  #isCommitted(): boolean {
    return this.#journal.phase.kind === 'finishing';
  }

  /** One try: the first failure ends the way forward. */
  async #attempt(step: Step): Promise<'done' | 'failed'> {
    try {
      await this.#carryOut(step, this.#stopping.signal);
      return 'done';
    } catch (error) {
      // A step that was torn off by another's failure has no failure of its own to tell.
      if (this.#failure === undefined && !this.#halted.aborted) await this.#fail(step, asFailure(error, step.id));
      return 'failed';
    }
  }

  async #fail(step: Step, error: TimonelError): Promise<void> {
    const evidence = evidenceOf(error);
    this.#failure = { cause: 'failed', step, reason: error.said, evidence };
    this.#ctx.tell({ event: 'step-failed', step: step.id, reason: error.said, evidence });
    this.#stopping.abort(error);
    // One whose start could not even be written down has not begun.
    if (this.#journal.startedAt(step.id) !== undefined)
      await this.#record({ kind: 'step-failed', step: step.id, reason: error.said });
  }

  /** Writes to the journal. While the records cannot be written nothing else may happen, so that is waited for. */
  async #record(...entry: Parameters<Journal['append']>): Promise<void> {
    const { clock } = this.#ctx.parts.world;
    for (let told = false; ; told = true) {
      try {
        return this.#journal.append(...entry);
      } catch (error) {
        if (!isStoreTrouble(error)) throw error;
        if (!told) this.#tellTrouble(error);
        await clock.wait(recordPauseMs, this.#halted);
      }
    }
  }

  #tellTrouble(error: TimonelError): void {
    this.#ctx.parts.onFailure(`record the deployment of ${this.#ctx.project}`, error);
    this.#ctx.tell({ event: 'step-progress', step: this.#step ?? 'plan', text: error.said });
  }

  #onCancel(): void {
    if (this.#failure !== undefined || this.#journal.phase.kind !== 'forward') return;
    const nothing = planUndo(this.#ctx.plan, this.#executed(), (service) => this.#slowestSpec(service)).length === 0;
    const by = this.#journal.steering.abortedBy;
    const undone = by === undefined ? said('CANCELLED_UNDONE', {}) : said('CANARY_ABORTED', { by });
    const reason = nothing ? said('CANCELLED_UNCHANGED', {}) : undone;
    this.#failure = { cause: 'cancelled', step: this.#stepNamed(this.#step), reason, evidence: undefined };
    this.#stopping.abort(fail('CANCELLED_UNDONE', {}));
  }

  /** Past the point of no return, and on the way back: a step is tried several times before it is given up. */
  async #insist(step: Step, direction: 'forward' | 'backward'): Promise<'done' | 'failed' | 'let-go'> {
    for (const pause of [0, ...retryPauses]) {
      if (pause > 0) await this.#ctx.parts.world.clock.wait(pause, this.#halted).catch(() => undefined);
      try {
        await this.#carryOutRecorded(step, direction);
        return 'done';
      } catch (error) {
        if (this.#halted.aborted) return 'failed';
        const failure = asFailure(error, step.id);
        const isJudged = step.kind === 'gate' && failure.code !== 'STEP_FAILED';
        const isLast = isJudged || pause === retryPauses.at(-1);
        await this.#record({ kind: 'step-failed', step: step.id, reason: failure.said });
        this.#ctx.tell({ event: 'step-failed', step: step.id, reason: failure.said, evidence: evidenceOf(failure) });
        // An old instance that is slow to come back must not keep its requests waiting for ever.
        if (isLast) return isJudged ? 'let-go' : 'failed';
      }
    }
    return 'failed';
  }

  /** A step that is not recorded counts as not done: it is done again, which steps allow, once records can be written. */
  async #carryOutRecorded(step: Step, direction: 'forward' | 'backward'): Promise<void> {
    for (let told = false; ; told = true) {
      try {
        return await this.#carryOut(step, this.#halted, direction);
      } catch (error) {
        if (this.#halted.aborted || !isStoreTrouble(error)) throw error;
        if (!told) this.#tellTrouble(error);
        await this.#ctx.parts.world.clock.wait(recordPauseMs, this.#halted);
      }
    }
  }

  async #carryOut(step: Step, signal: AbortSignal, direction: 'forward' | 'backward' = 'forward'): Promise<void> {
    const { clock } = this.#ctx.parts.world;
    const { onStep } = this.#ctx.parts.options;
    const begun = clock.now();
    this.#step = step.id;
    this.#journal.append({ kind: 'step-started', step: step.id });
    this.#tellBegun(step, direction);
    onStep?.('before', step.id);
    const writes: (() => void)[] = [];
    const overdue = () => fail('STEP_OVERDUE', { step: step.id, seconds: step.deadlineMs / 1000 });
    await withDeadline(clock, { ms: step.deadlineMs, signal, overdue }, (own) =>
      runStep(
        step,
        this.#door(step, own, (write) => writes.push(write)),
      ),
    );
    onStep?.('after', step.id);
    this.#journal.append({ kind: 'step-done', step: step.id }, () => {
      for (const write of writes) write();
    });
    this.#tellDone(step, direction, clock.now() - begun);
  }

  #door(step: Step, signal: AbortSignal, together: (write: () => void) => void) {
    const ctx = this.#ctx;
    return openDoor({
      ctx,
      signal,
      startedAt: this.#journal.startedAt(step.id) ?? ctx.parts.world.clock.now(),
      orders: this.#journal,
      progress: (text) => ctx.tell({ event: 'step-progress', step: step.id, text }),
      together,
    });
  }

  #tellBegun(step: Step, direction: 'forward' | 'backward'): void {
    const text = describeStep(step);
    const service = 'service' in step ? step.service : undefined;
    if (direction === 'backward') this.#ctx.tell({ event: 'undo-started', step: step.id, text });
    else this.#ctx.tell({ event: 'step-started', step: step.id, service, text });
  }

  #tellDone(step: Step, direction: 'forward' | 'backward', tookMs: number): void {
    if (direction === 'backward') {
      this.#ctx.tell({ event: 'undo-done', step: step.id });
      return;
    }
    this.#ctx.tell({ event: 'step-done', step: step.id, tookMs });
    if (step.kind === 'route' && step.to.length > 0 && this.#isLastRoute(step))
      this.#ctx.tell({ event: 'switched', service: step.service, release: this.#ctx.plan.to });
  }

  #isLastRoute(step: Extract<Step, { kind: 'route' }>): boolean {
    return this.#ctx.plan.steps.findLast((one) => one.kind === 'route' && one.service === step.service) === step;
  }

  /** From forward to backward: decides once, as data, what leads back. */
  async #turnRound(): Promise<void> {
    if (this.#failure === undefined) return;
    const { reason, step } = this.#failure;
    const { plan, target } = this.#ctx;
    const pauses = this.#failure.cause === 'failed' && step !== undefined && pausesAt(step, target, plan.kind);
    const executed = pauses ? unrouted(plan, this.#progress()) : this.#executed();
    const steps = planUndo(plan, executed, (service) => this.#slowestSpec(service));
    await this.#record({ kind: 'undo-begun', cause: pauses ? 'paused' : this.#failure.cause, reason, steps });
  }

  #executed(): ReadonlySet<string> {
    return this.#progress().started;
  }

  /** How far it had come on the way forward. */
  #progress(): Progress {
    const { phase } = this.#journal;
    if (phase.kind === 'ended') return { started: new Set(), done: new Set(), failed: new Set() };
    return phase.kind === 'backward' ? phase.forward : phase.progress;
  }

  #slowestSpec(service: string): ServiceSpec | undefined {
    const specs = [this.#ctx.target?.services[service], this.#ctx.current?.services[service]];
    return specs.filter((spec) => spec !== undefined).toSorted((a, b) => b.stopGraceMs - a.stopGraceMs)[0];
  }

  async #backward(): Promise<void> {
    const { phase } = this.#journal;
    if (phase.kind !== 'backward') return;
    await runSteps({
      steps: phase.steps,
      done: phase.progress.done,
      limit: atOnce,
      mayStart: () => !this.#halted.aborted,
      run: (step) => this.#insist(step, 'backward'),
    });
  }

  async #end(): Promise<Outcome> {
    const outcome = this.#outcome();
    const { state, reason, code } = outcome;
    await this.#record({ kind: 'ended', state, reason, code });
    return outcome;
  }

  #outcome(): Outcome {
    const { phase } = this.#journal;
    if (phase.kind !== 'backward') return { state: 'succeeded', code: 0, reason: undefined, evidence: undefined };
    const { plan } = this.#ctx;
    const failedStep = plan.steps.find((step) => phase.forward.failed.has(step.id));
    const state = exitCodeOf({ plan, phase, failedStep });
    return { ...state, evidence: this.#failure?.evidence };
  }

  #stepNamed(id: string | undefined): Step | undefined {
    return this.#ctx.plan.steps.find((step) => step.id === id);
  }
}
