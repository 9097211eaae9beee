import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { said } from '#core/messages/say.ts';
import type { JournalEvent } from '#model/journal.ts';
import type { Plan, Step } from '#model/plan.ts';
import { Dice, generateInput } from '../../test/support/generated.ts';
import { afterStep, faultsOf, type Simulated, simulate } from '../../test/support/simulated.ts';
import { planDeployment } from './plan.ts';
import type { PlanInput } from './plan-input.ts';
import { resumption } from './resume.ts';
import { foldJournal } from './state.ts';
import { planUndo } from './undo.ts';

const seeds = Array.from({ length: 400 }, (_, index) => index + 1);

/** Runs `check` on a plan for every generated situation. */
function forEveryPlan(check: (about: string, input: PlanInput, plan: Plan) => void): void {
  for (const seed of seeds) {
    const input = generateInput(seed);
    check(`seed ${seed}`, input, planDeployment(input));
  }
}

describe('every plan', () => {
  test('names each step once, and only waits for steps before it', () => {
    forEveryPlan((about, _input, plan) => {
      const known = new Set<string>();
      for (const step of plan.steps) {
        assert.ok(!known.has(step.id), `${about}: ${step.id} twice`);
        for (const id of step.after) assert.ok(known.has(id), `${about}: ${step.id} waits for ${id}`);
        assert.ok(step.deadlineMs > 0, `${about}: ${step.id} has no deadline`);
        known.add(step.id);
      }
    });
  });

  test('is the same for the same situation', () => {
    for (const seed of seeds.slice(0, 50))
      assert.deepEqual(planDeployment(generateInput(seed)), planDeployment(generateInput(seed)));
  });

  test('prepares everything before anything changes', () => {
    forEveryPlan((about, _input, plan) => {
      const prepares = plan.steps.filter((step) => step.kind === 'prepare').map((step) => step.id);
      const acting = new Set(['start', 'stop', 'route', 'hold', 'listen', 'expose', 'release-command', 'drain']);
      for (const step of plan.steps.filter((one) => acting.has(one.kind))) {
        const before = ancestors(plan.steps, step);
        for (const id of prepares) assert.ok(before.has(id), `${about}: ${step.id} does not wait for ${id}`);
      }
    });
  });

  test('removes nothing, and parks nothing, before the commit', () => {
    forEveryPlan((about, _input, plan) => {
      for (const step of plan.steps.filter((one) => one.kind === 'remove' || one.kind === 'park'))
        assert.ok(ancestors(plan.steps, step).has('commit'), `${about}: ${step.id}`);
    });
  });

  test('serves at every moment, in whatever order its steps run, and ends where it should', () => {
    forEveryPlan((about, input, plan) => {
      const dice = new Dice(plan.steps.length + 7);
      const end = walk({ plan, input, dice, about, upTo: plan.steps.length }).now;
      if (plan.steps.length === 0) return;
      assert.ok(end.committed, about);
      for (const spec of Object.values(input.target.services)) {
        assert.equal(end.serving[spec.name]?.length ?? spec.replicas, spec.replicas, `${about}: ${spec.name}`);
        for (const id of end.serving[spec.name] ?? []) assert.ok(end.running.has(id), `${about}: ${id}`);
      }
      assert.deepEqual(end.held, new Set(), about);
    });
  });

  test('leads back to what was, from wherever it stops', () => {
    forEveryPlan((about, input, plan) => {
      const commit = plan.steps.findIndex((step) => step.kind === 'commit');
      for (let upTo = 0; upTo <= commit; upTo += 1) {
        const dice = new Dice(upTo + 3);
        const { now, started } = walk({ plan, input, dice, about, upTo });
        if (now.committed) continue;
        const undo = planUndo(plan, started, (service) => input.target.services[service]);
        const where = `${about}, back from step ${upTo}`;
        const back = runAll({ steps: undo, now, dice, about: where });
        assertSame(withoutDead(back, input), simulate(input.observed), where);
      }
    });
  });
});

describe('every journal', () => {
  test('folds at every prefix, and goes on from there to the same end, or back', () => {
    forEveryPlan((about, input, plan) => {
      const events = journalOf(plan);
      const whole = walk({ plan, input, dice: new Dice(1), about, upTo: plan.steps.length }).now;
      for (let length = 0; length <= events.length; length += 1 + Math.floor(events.length / 12)) {
        const prefix = events.slice(0, length);
        const phase = foldJournal(plan, prefix);
        assert.ok(phase.kind === 'forward' || phase.kind === 'finishing', about);
        const next = resumption(plan, phase, input.observed, true);
        if (next.kind !== 'continue') {
          assert.equal(next.kind === 'undo' && next.step?.startsWith('release-command'), true, `${about} at ${length}`);
          continue;
        }
        const done = new Set([...phase.progress.done]);
        const rest = plan.steps.filter((step) => !done.has(step.id));
        const so = plan.steps.filter((step) => done.has(step.id)).reduce(afterStep, simulate(input.observed));
        assertSame(rest.reduce(afterStep, so), whole, `${about} resumed at ${length}`);
      }
    });
  });

  test('of a plan of another version leads back', () => {
    const input = generateInput(1);
    const plan = planDeployment(input);
    const phase = foldJournal(plan, journalOf(plan).slice(0, 3));
    assert.deepEqual(resumption(plan, phase, input.observed, false), {
      kind: 'undo',
      because: 'outdated',
      step: plan.steps[1]?.id,
    });
  });

  test('refuses events that cannot follow', () => {
    const plan = planDeployment(generateInput(1));
    const events = journalOf(plan);
    const { id: first = '' } = plan.steps[0] ?? {};
    const { id: last = '' } = plan.steps.at(-1) ?? {};
    const undo: JournalEvent = {
      time: 0,
      kind: 'undo-begun',
      cause: 'failed',
      reason: said('PLAN_OUTDATED', {}),
      steps: [],
    };
    const ended: JournalEvent = { time: 0, kind: 'ended', state: 'failed', reason: undefined, code: 1 };
    const refuses = (journal: readonly JournalEvent[]) =>
      assert.throws(() => foldJournal(plan, journal), /cannot follow/);
    refuses([{ time: 0, kind: 'step-done', step: first }]);
    refuses([{ time: 0, kind: 'step-started', step: last }]);
    refuses([{ time: 0, kind: 'step-started', step: 'unheard-of' }]);
    refuses([...events, undo]);
    refuses([undo, undo]);
    refuses([undo, { ...ended, state: 'succeeded' }]);
    refuses([ended, ended]);
    refuses([{ ...ended, state: 'succeeded' }]);
  });
});

interface Walk {
  readonly plan: Plan;
  readonly input: PlanInput;
  readonly dice: Dice;
  readonly about: string;
  /** How many steps to begin. */
  readonly upTo: number;
}

/** Begins so many steps, in an order that the dice choose among those that may run; the last ones may be unfinished. */
function walk({ plan, input, dice, about, upTo }: Walk): { now: Simulated; started: Set<string> } {
  const started = new Set<string>();
  const done = new Set<string>();
  let now = simulate(input.observed);
  const dead = new Set(input.observed.instances.filter((one) => one.state !== 'running').map((one) => one.id));
  const silent = silentServices(plan, input);
  while (started.size < upTo) {
    const ready = plan.steps.filter((step) => !started.has(step.id) && step.after.every((id) => done.has(id)));
    if (ready.length === 0) break;
    const step = dice.pick(ready);
    started.add(step.id);
    if (step.kind === 'stop') assertIdle(now, step.instance, about);
    now = afterStep(now, step);
    done.add(step.id);
    const faults = faultsOf(now, plan, silent).filter((fault) => ![...dead].some((id) => fault.startsWith(id)));
    assert.deepEqual(faults, [], `${about} after ${step.id}`);
  }
  return { now, started };
}

function assertIdle(now: Simulated, instance: string, about: string): void {
  for (const serving of Object.values(now.serving))
    assert.ok(!serving.includes(instance), `${about}: ${instance} is stopped while it serves`);
}

/** Services that may be without anybody: they go, or hold nothing by their user's wish. */
function silentServices(plan: Plan, input: PlanInput): ReadonlySet<string> {
  const gone = plan.changes.filter((change) => change.action === 'remove').map((change) => change.service);
  const withoutPorts = Object.values(input.target.services).filter((spec) => spec.hold.maxMs === 0);
  return new Set([...gone, ...withoutPorts.map((spec) => spec.name)]);
}

interface Run {
  readonly steps: readonly Step[];
  readonly now: Simulated;
  readonly dice: Dice;
  readonly about: string;
}

function runAll({ steps, now, dice, about }: Run): Simulated {
  const done = new Set<string>();
  let state = now;
  while (done.size < steps.length) {
    const ready = steps.filter((step) => !done.has(step.id) && step.after.every((id) => done.has(id)));
    assert.ok(ready.length > 0, `${about}: stuck`);
    const step = dice.pick(ready);
    if (step.kind === 'stop') assertIdle(state, step.instance, about);
    state = afterStep(state, step);
    done.add(step.id);
  }
  return state;
}

/** An instance that had died before may be brought back by the way: it was meant to run. */
function withoutDead(now: Simulated, input: PlanInput): Simulated {
  const dead = new Set(input.observed.instances.filter((one) => one.state !== 'running').map((one) => one.id));
  return { ...now, running: now.running.difference(dead) };
}

function assertSame(found: Simulated, wanted: Simulated, about: string): void {
  assert.deepEqual(found.serving, { ...withoutNew(found, wanted), ...wanted.serving }, `${about}: serving`);
  assert.deepEqual([...found.running].toSorted(), [...wanted.running].toSorted(), `${about}: running`);
  assert.deepEqual([...found.existing].toSorted(), [...wanted.existing].toSorted(), `${about}: existing`);
  assert.deepEqual(found.held, wanted.held, `${about}: held`);
  assert.equal(found.exposed, wanted.exposed, `${about}: exposed`);
}

/** A service that is new may be left known, with nobody who serves it. */
function withoutNew(found: Simulated, wanted: Simulated): Record<string, readonly string[]> {
  return Object.fromEntries(
    Object.keys(found.serving)
      .filter((name) => !(name in wanted.serving))
      .map((name) => [name, []]),
  );
}

function ancestors(steps: readonly Step[], step: Step): ReadonlySet<string> {
  const byId = new Map(steps.map((one) => [one.id, one]));
  const found = new Set<string>();
  const visit = (id: string): void => {
    if (found.has(id)) return;
    found.add(id);
    for (const before of byId.get(id)?.after ?? []) visit(before);
  };
  for (const id of step.after) visit(id);
  return found;
}

/** The journal of a deployment that went well, one step after the other. */
function journalOf(plan: Plan): JournalEvent[] {
  return plan.steps.flatMap((step, index): JournalEvent[] => [
    { time: index, kind: 'step-started', step: step.id },
    { time: index, kind: 'step-done', step: step.id },
  ]);
}
