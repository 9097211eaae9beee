import type { Plan, Step, StepOf } from '#model/plan.ts';

/** A plan as a test reads it: one step a line, with what it waits for and what its name does not say. */
export function planText(plan: Plan | readonly Step[]): string {
  const steps = 'steps' in plan ? plan.steps : plan;
  return steps.map(line).join('\n');
}

function line(step: Step): string {
  const after = step.after.length === 0 ? '' : ` <- ${step.after.join(' ')}`;
  return `${step.id}${detail(step)}${after}`;
}

/** A canary's share is told; even ones are not. */
function shareOf(
  { instance, weight }: StepOf<'route'>['to'][number],
  _index: number,
  all: StepOf<'route'>['to'],
): string {
  return all.some((one) => one.side === 'canary') ? `${instance}*${weight}` : instance;
}

function detail(step: Step): string {
  if (step.kind === 'route') return ` [${step.to.map(shareOf).join(' ')}]`;
  if (step.kind === 'analyse') return ` [${step.canary.join(' ')} ${step.percent}% ${step.pause}]`;
  if (step.kind === 'observe' || step.kind === 'park') return ` [${step.instances.join(' ')} ${step.forMs}ms]`;
  if (step.kind === 'wait') return ` [${step.forMs}ms]`;
  if (step.kind === 'listen') return ` [${step.services.join(' ')} ${step.side}]`;
  if (step.kind === 'expose') return ` [${step.side}]`;
  return '';
}
