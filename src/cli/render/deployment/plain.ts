import { renderDuration } from '#core/duration.ts';
import { said, say } from '#core/messages/say.ts';
import type { WireEvent } from '#daemon/contract.ts';
import { renderPlan } from '../plan.ts';
import type { Display, DisplayOptions } from './display.ts';
import type { DeploymentView, StepView } from './view.ts';
import { renderWaiting } from './waiting.ts';

const reminderMs = 10_000;

/**
 * For logs and pipes: a line when something ended, changed hands or failed, and a reminder every ten seconds of what
 * is being waited for.
 */
export function plainDisplay(options: DisplayOptions): Display {
  const { terminal, language, project } = options;
  let latest: DeploymentView | undefined;
  const print = (line: string): void => terminal.out(`${line}\n`);
  const reminder = setInterval(() => {
    for (const step of latest?.steps() ?? []) {
      const line = reminderOf(step, Date.now());
      if (line !== undefined) print(line);
    }
  }, reminderMs);
  reminder.unref();

  const reminderOf = (step: StepView, now: number): string | undefined => {
    if (step.state !== 'running' && step.state !== 'undoing') return undefined;
    const elapsed = now - (step.startedAt ?? now);
    if (elapsed < reminderMs / 2) return undefined;
    const facts = {
      service: step.service ?? project,
      step: step.text,
      elapsed: renderDuration(elapsed),
      last: step.progress,
    };
    return say(said('CLI_STILL_AT', facts), language);
  };

  const lineOf = (event: WireEvent, view: DeploymentView): string | undefined => {
    const step = 'step' in event ? view.step(event.step) : undefined;
    const who = `${step?.service ?? project}  `;
    switch (event.event) {
      case 'plan': {
        // Going down changes no service into another: its steps say all.
        const isQuiet = event.steps.length === 0 || event.changes.length === 0;
        return isQuiet ? undefined : renderPlan({ ...event, project }, options);
      }
      case 'waiting':
        return renderWaiting(event.holder, language);
      case 'step-done':
        return `${terminal.paint('green', '+')} ${who}${step?.text ?? event.step} (${renderDuration(event.tookMs)})`;
      case 'step-failed':
        return `${terminal.paint('red', 'x')} ${who}${step?.text ?? event.step}: ${event.reason}`;
      case 'undo-started':
        return `< ${who}${say(said('CLI_UNDOING', { step: step?.text ?? event.text }), language)}`;
      case 'switched':
        return `${terminal.paint('green', '>')} ${say(said('CLI_SWITCHED', event), language)}`;
      default:
        return undefined;
    }
  };

  return {
    show(event, view) {
      latest = view;
      const line = lineOf(event, view);
      if (line !== undefined) print(line);
    },
    finish() {
      clearInterval(reminder);
    },
  };
}
