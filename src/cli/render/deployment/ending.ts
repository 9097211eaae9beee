import { renderDuration } from '#core/duration.ts';
import type { Language } from '#core/messages/message.ts';
import { type Said, said, say, sayHint } from '#core/messages/say.ts';
import type { DeploymentOrder } from '#daemon/contract.ts';
import type { Terminal } from '../../terminal.ts';
import { renderJudgement } from '../canary.ts';
import { labels } from '../labels.ts';
import { isNothing } from '../plan.ts';
import { renderSentence } from '../said.ts';
import type { DeploymentView, EndEvent, StepView } from './view.ts';

interface Ended {
  readonly terminal: Terminal;
  readonly language: Language;
  readonly project: string;
  readonly kind: DeploymentOrder['kind'];
  readonly view: DeploymentView;
  readonly end: EndEvent;
  readonly elapsedMs: number;
}

/** How a deployment ended: what serves now and where, or what failed, what was seen last and what to type next. */
export function renderEnding(ended: Ended): string {
  const warnings = (ended.end.warnings ?? []).map((one) => renderSentence(one, ended.terminal, 'yellow'));
  return [ended.end.state === 'succeeded' ? success(ended) : failure(ended), ...warnings].join('');
}

function success(ended: Ended): string {
  const { terminal, language, end } = ended;
  const sentence = say(successSaid(ended), language);
  const urls = end.urls.map((url) => `  ${terminal.paint('cyan', url)}\n`).join('');
  const hint = sayHint(successSaid(ended), language) ?? nextCommands(ended);
  return `${terminal.paint('green', '✓')} ${sentence}\n${urls}  ${labels.next[language]}: ${hint}\n`;
}

function successSaid({ project, kind, view, end, elapsedMs }: Ended): Said {
  const elapsed = renderDuration(elapsedMs);
  if (kind === 'down') return said('CLI_END_DOWN', { project, elapsed });
  const release = end.release ?? view.plan?.to ?? 0;
  const nothing = view.plan !== undefined && view.plan.steps.length === 0 && isNothing(view.plan);
  return nothing
    ? said('CLI_PLAN_NOTHING', { project, release })
    : said('CLI_END_SERVES', { project, release, elapsed });
}

function nextCommands({ project, view }: Ended): string {
  const commands = [`timonel status -p ${project}`, `timonel logs -p ${project}`];
  if (view.plan?.from !== undefined && view.plan.from !== view.plan.to) commands.push(`timonel rollback -p ${project}`);
  return commands.join(' · ');
}

function failure(ended: Ended): string {
  const { terminal, end } = ended;
  const mark = end.state === 'cancelled' ? terminal.paint('yellow', '-') : terminal.paint('red', '✗');
  return [
    end.reason === undefined
      ? ''
      : renderSentence({ message: `${mark} ${end.reason}`, hint: end.reasonHint }, terminal),
    stepLine(ended),
    evidence(ended),
    outcome(ended),
  ].join('');
}

function stepLine({ view, language, project }: Ended): string {
  const failed: StepView | undefined = view.steps().find((step) => step.state === 'failed');
  if (failed === undefined) return '';
  return `  ${labels.step[language]}: ${failed.service ?? project}: ${failed.text}\n`;
}

function evidence({ terminal, language, end }: Ended): string {
  const seen = end.evidence;
  if (seen === undefined) return '';
  const judged = renderJudgement(seen.analysis ?? [], language).map((line) => `  ${line}\n`);
  const last = seen.lastProbe === undefined ? '' : `  ${labels.lastProbe[language]}: ${seen.lastProbe}\n`;
  const probe = judged.join('') + last;
  if (seen.logs.length === 0) return probe;
  const lines = seen.logs.map((line) => `    ${terminal.paint('dim', '|')} ${line}\n`).join('');
  return `${probe}  ${labels.lastLines[language]} ${seen.instance ?? ''}:\n${lines}`;
}

function outcome(ended: Ended): string {
  const what = outcomeSaid(ended);
  return renderSentence(
    { message: say(what, ended.language), hint: sayHint(what, ended.language) ?? lookAt(ended) },
    ended.terminal,
  );
}

function outcomeSaid({ project, view, end }: Ended): Said {
  const from = view.plan?.from;
  const failed = view.plan?.to ?? 0;
  if (end.state === 'cancelled') {
    return from === undefined
      ? said('CLI_END_CANCELLED_FIRST', { project })
      : said('CLI_END_CANCELLED', { project, release: from });
  }
  if (from === undefined && isUndone(view)) return said('CLI_END_FAILED_FIRST', { project, failed });
  if (end.state !== 'rolled-back' || from === undefined) return said('CLI_END_FAILED', { project });
  return said('CLI_END_ROLLED_BACK', { project, failed, release: from });
}

/** Is nothing left that was begun and not taken back? */
function isUndone(view: DeploymentView): boolean {
  return view.steps().every((step) => step.state !== 'undoing' && step.state !== 'running');
}

function lookAt({ project, view }: Ended): string {
  const failed = view.steps().find((step) => step.state === 'failed');
  const service = failed?.service === undefined ? '' : ` ${failed.service}`;
  const release = view.plan === undefined ? '' : ` --release ${view.plan.to}`;
  return `timonel logs${service} -p ${project}${release} · timonel status -p ${project}`;
}
