import type { Step } from '#model/plan.ts';

interface Run {
  readonly steps: readonly Step[];
  /** Ids of those that are done already. */
  readonly done: ReadonlySet<string>;
  readonly limit: number;
  /** Resolves to what became of the step; never rejects. `let-go`: failed, but its followers need not care. */
  readonly run: (step: Step) => Promise<'done' | 'failed' | 'let-go'>;
  /** May another step begin? Asked before each. */
  readonly mayStart: () => boolean;
}

/**
 * Runs steps as soon as all that they wait for is done, at most `limit` at once. Followers of a failed step do not run.
 *
 * @returns once nothing runs and nothing can start: ids of the steps that were not reached
 */
export async function runSteps({ steps, done, limit, run, mayStart }: Run): Promise<readonly string[]> {
  const finished = new Set(done);
  const waiting = new Map(steps.filter((step) => !done.has(step.id)).map((step) => [step.id, step]));
  const running = new Map<string, Promise<void>>();
  for (;;) {
    for (const step of waiting.values()) {
      if (running.size >= limit || !mayStart()) break;
      if (!step.after.every((id) => finished.has(id))) continue;
      waiting.delete(step.id);
      running.set(step.id, follow(step));
    }
    if (running.size === 0) return [...waiting.keys()];
    await Promise.race(running.values());
  }

  async function follow(step: Step): Promise<void> {
    const outcome = await run(step);
    running.delete(step.id);
    if (outcome !== 'failed') finished.add(step.id);
  }
}
