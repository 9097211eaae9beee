import { fail, hasCode, TimonelError } from '#core/errors.ts';
import { fingerprint } from '#core/hash.ts';
import { said } from '#core/messages/say.ts';
import type { DeploymentEvent } from '#model/event.ts';
import type { SteeringOrder } from '#model/journal.ts';
import type { Plan } from '#model/plan.ts';
import { planVersion } from '#rollout/plan.ts';
import { describeStep } from '#rollout/steps/table.ts';
import type { DeploymentRecord } from '#world/store.ts';
import { settlePorts } from './adoption/settle.ts';
import type { Running, RunOptions } from './api.ts';
import { EventLog } from './event-log.ts';
import { DeploymentNews } from './events/deployment-news.ts';
import { Context, type Parts } from './execute/context.ts';
import { Execution, Halted, type Outcome } from './execute/execution.ts';
import { Journal } from './execute/journal.ts';
import { asFailure, evidenceOf } from './failure.ts';
import { type Order, planOrder } from './orders.ts';
import { pauseWarnings } from './pauses/view.ts';
import { isStoreTrouble, recordPauseMs } from './store-trouble.ts';
import { type Turn, Turns } from './turns.ts';
import { urlsOf } from './urls.ts';

/** The CLI's exit code for "another deployment holds the project". */
const lockedCode = 3;

interface Active {
  readonly project: string;
  readonly log: EventLog;
  readonly cancel: AbortController;
  execution: Execution | undefined;
}

interface Asked extends RunOptions {
  readonly project: string;
  readonly order: (turn: Turn) => Promise<Order>;
  readonly kind: Order['kind'];
}

/** All deployments: takes turns, plans, carries out, remembers. */
export class Deployments {
  readonly #parts: Parts;
  readonly #turns: Turns;
  readonly #active = new Map<string, Active>();
  readonly #logs = new Map<string, EventLog>();
  readonly #halting = new AbortController();

  constructor(parts: Parts) {
    this.#parts = parts;
    this.#turns = new Turns(parts.world, (id) => this.#active.get(id)?.execution?.step);
  }

  /** Begins a deployment; it goes on by itself. Throws LOCKED at once for one that will not wait. */
  begin(asked: Asked): Running {
    const { store, clock } = this.#parts.world;
    const { project, kind, by } = asked;
    store.ensureProject(project);
    const refusal = asked.waitMs > 0 ? undefined : this.#turns.refusal(project);
    if (refusal !== undefined) throw refusal;
    const id = store.createDeployment({ project, kind, by, startedAt: clock.now() });
    const active = this.#activate({ id, project, kind, by });
    void this.#live(id, active, () => this.#fromTheStart(id, active, asked));
    return active.log;
  }

  /** Goes on with a deployment that a restart interrupted. */
  resume(record: DeploymentRecord): void {
    const active = this.#activate(record);
    this.#turns.keep(record.project, {
      deployment: record.id,
      by: record.by,
      since: record.startedAt,
      step: undefined,
    });
    void this.#live(record.id, active, async () => {
      const { plan } = record;
      if (plan === undefined) return interruptedBefore;
      if (plan.steps.length === 0) return nothingToDo;
      return this.#carryOut(record.id, active, plan, record.planHash);
    });
  }

  /** Asks the deployment of the project that runs, or else those that wait, to stop and undo. */
  cancel(project: string): string | undefined {
    const holder = this.#turns.holder(project)?.deployment;
    const id = holder ?? [...this.#active].find(([, one]) => one.project === project)?.[0];
    if (id === undefined) return undefined;
    this.#active.get(id)?.cancel.abort();
    return id;
  }

  /**
   * Orders something of the project's canary. Returns the deployment's id.
   *
   * @throws CANARY_NONE, CANARY_NOT_JUDGED_YET
   */
  steer(project: string, order: SteeringOrder, by: string): string {
    const id = this.#turns.holder(project)?.deployment;
    const execution = id === undefined ? undefined : this.#active.get(id)?.execution;
    if (id === undefined || execution === undefined) throw fail('CANARY_NONE', { project });
    execution.steer(order, by);
    return id;
  }

  find(id: string): Running | undefined {
    const known = this.#logs.get(id);
    if (known !== undefined) return known;
    const record = this.#parts.world.store.deployment(id);
    return record === undefined ? undefined : this.#openLog(id, record.project);
  }

  isBusy(project: string): boolean {
    return this.#parts.world.store.lockHolder(project) !== undefined;
  }

  /** The daemon ends: deployments stand still, and the next start goes on with them. */
  close(): void {
    this.#halting.abort(new Halted());
  }

  #activate(deployment: Pick<DeploymentRecord, 'id' | 'project' | 'kind' | 'by'> & Partial<DeploymentRecord>): Active {
    const { id, project } = deployment;
    const news = new DeploymentNews(this.#parts.events, deployment);
    const log = this.#openLog(id, project, (event) => news.take(event));
    const active: Active = { project, log, cancel: new AbortController(), execution: undefined };
    this.#active.set(id, active);
    this.#logs.set(id, log);
    return active;
  }

  #openLog(id: string, project: string, onEvent?: (event: DeploymentEvent) => void): EventLog {
    const { world, onFailure } = this.#parts;
    return new EventLog({ store: world.store, id, project, onFailure, onEvent });
  }

  /** Whatever happens, it ends: in the records, for its listeners, and for those who wait for the lock. */
  async #live(id: string, active: Active, work: () => Promise<Outcome>): Promise<void> {
    const { store, clock } = this.#parts.world;
    const { project } = active;
    const outcome = await work().catch((error: unknown) => failedOutcome(error, active.cancel.signal));
    if (this.#halting.signal.aborted) return;
    const { state, reason, code, evidence } = outcome;
    const release = store.project(project)?.serving;
    try {
      await this.#written(id, () => store.endDeployment(id, { state, reason, code, at: clock.now() }));
      await settlePorts(this.#parts, project).catch((error: unknown) =>
        this.#parts.onFailure(`move the proxy to the ports of ${project}`, error),
      );
      await this.#written(id, () => this.#turns.give(project, id));
      await this.#parts.supervisor.sync(project);
    } catch (error) {
      this.#parts.onFailure(`end ${id}`, error);
    } finally {
      this.#active.delete(id);
      const traffic = this.#parts.traffic.of(project);
      const urls = urlsOf(traffic, this.#parts.world.edge);
      const time = clock.now();
      const warnings = pauseWarnings(project, traffic, time);
      const paused = warnings.length === 0 ? {} : { warnings };
      active.log.emit({ time, event: 'end', state, release, code, reason, evidence, urls, ...paused });
      this.#logs.delete(id);
    }
  }

  /** Writes that a deployment cannot end without, however long the disk takes to have room for them. */
  async #written(id: string, write: () => void): Promise<void> {
    const { world, onFailure } = this.#parts;
    for (let told = false; ; told = true) {
      try {
        return write();
      } catch (error) {
        if (!isStoreTrouble(error)) throw error;
        if (!told) onFailure(`end ${id}`, error);
        await world.clock.wait(recordPauseMs, this.#halting.signal);
      }
    }
  }

  async #fromTheStart(id: string, active: Active, asked: Asked): Promise<Outcome> {
    const { world, traffic, book } = this.#parts;
    const turn = await this.#turns.take({
      ...asked,
      deployment: id,
      signal: AbortSignal.any([active.cancel.signal, this.#halting.signal]),
      onWaiting: (holder) => active.log.emit({ time: world.clock.now(), event: 'waiting', holder }),
    });
    active.cancel.signal.throwIfAborted();
    const { plan, release } = await planOrder(
      { world, traffic, book, project: asked.project },
      await asked.order(turn),
    );
    this.#tellPlan(active, id, plan);
    const hash = fingerprint(plan);
    world.store.transaction(() => {
      if (release !== undefined && plan.steps.length > 0) world.store.saveRelease(release);
      recordOrdinals(this.#parts, plan);
      world.store.setPlan(id, plan, hash);
    });
    if (plan.steps.length === 0) return nothingToDo;
    return this.#carryOut(id, active, plan, hash);
  }

  async #carryOut(id: string, active: Active, plan: Plan, hash: string | undefined): Promise<Outcome> {
    const { store, clock } = this.#parts.world;
    const ctx = new Context(this.#parts, plan, (event) => active.log.emit(event));
    const journal = new Journal(store, id, plan, () => clock.now());
    active.execution = new Execution(ctx, journal, {
      cancelled: active.cancel.signal,
      halted: this.#halting.signal,
    });
    return active.execution.run(plan.version === planVersion && fingerprint(plan) === hash);
  }

  #tellPlan(active: Active, deployment: string, plan: Plan): void {
    active.log.emit({
      time: this.#parts.world.clock.now(),
      event: 'plan',
      deployment,
      from: plan.from,
      to: plan.to,
      changes: plan.changes,
      steps: plan.steps.map((step) => ({
        id: step.id,
        service: 'service' in step ? step.service : undefined,
        text: describeStep(step),
      })),
    });
  }
}

const nothingToDo: Outcome = { state: 'succeeded', code: 0, reason: undefined, evidence: undefined };

const interruptedBefore: Outcome = {
  state: 'failed',
  code: 1,
  reason: said('INTERRUPTED', { step: undefined }),
  evidence: undefined,
};

/** Failed or cancelled before there was a plan, so nothing had changed. */
function failedOutcome(error: unknown, cancelled: AbortSignal): Outcome {
  if (cancelled.aborted && !(error instanceof TimonelError))
    return { state: 'cancelled', code: 1, reason: said('CANCELLED_UNCHANGED', {}), evidence: undefined };
  const failure = asFailure(error, 'plan');
  const code = hasCode(failure, 'LOCKED') ? lockedCode : 1;
  return { state: 'failed', code, reason: failure.said, evidence: evidenceOf(error) };
}

/** Ids of instances are never given twice, also not after a deployment that failed. */
function recordOrdinals({ world }: Parts, plan: Plan): void {
  for (const step of plan.steps) {
    if (step.kind !== 'start') continue;
    const ordinal = Number(step.instance.slice(step.instance.lastIndexOf('-') + 1));
    world.store.setLastOrdinal(plan.project, step.service, plan.to, ordinal);
  }
}
