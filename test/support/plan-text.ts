import type { Plan, Step } from '#model/plan.ts';

/** A plan as a test reads it: one step a line, with what it waits for and what its name does not say. */
export function planText(plan: Plan | readonly Step[]): string {
  const steps = 'steps' in plan ? plan.steps : plan;
  return steps.map(line).join('\n');
}

function line(step: Step): string {
  const after = step.after.length === 0 ? '' : ` <- ${step.after.join(' ')}`;
  return `${step.id}${detail(step)}${after}`;
}

function detail(step: Step): string {
  if (step.kind === 'route') return ` [${step.to.map((one) => one.instance).join(' ')}]`;
  if (step.kind === 'observe' || step.kind === 'park') return ` [${step.instances.join(' ')} ${step.forMs}ms]`;
  if (step.kind === 'wait') return ` [${step.forMs}ms]`;
  if (step.kind === 'listen') return ` [${step.services.join(' ')} ${step.side}]`;
  if (step.kind === 'expose') return ` [${step.side}]`;
  return '';
}
