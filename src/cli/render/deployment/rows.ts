import type { DeploymentView, StepView } from './view.ts';

/** One service's line: how far it is, and what it is at now. */
export interface Row {
  readonly service: string;
  readonly state: 'todo' | 'running' | 'done' | 'failed' | 'undoing';
  readonly done: number;
  readonly total: number;
  /** What is under way, or failed; undefined before and after. */
  readonly step: StepView | undefined;
}

/** A line for each service that has something to do, in the order of the plan; `project` stands for the whole. */
export function rowsOf(view: DeploymentView, project: string): readonly Row[] {
  const groups = Map.groupBy(view.steps(), (step) => step.service ?? project);
  return [...groups].map(([service, steps]) => rowOf(service, steps));
}

function rowOf(service: string, steps: readonly StepView[]): Row {
  const done = steps.filter((step) => step.state === 'done' || step.state === 'undone').length;
  const counts = { service, done, total: steps.length };
  const latest = (state: StepView['state']): StepView | undefined => steps.findLast((step) => step.state === state);
  const undoing = latest('undoing');
  if (undoing !== undefined) return { ...counts, state: 'undoing', step: undoing };
  const failed = latest('failed');
  if (failed !== undefined) return { ...counts, state: 'failed', step: failed };
  const running = latest('running');
  if (running !== undefined) return { ...counts, state: 'running', step: running };
  return { ...counts, state: done === 0 ? 'todo' : done === steps.length ? 'done' : 'running', step: undefined };
}
