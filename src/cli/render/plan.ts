import { renderDuration } from '#core/duration.ts';
import type { Language } from '#core/messages/message.ts';
import { said, say } from '#core/messages/say.ts';
import type { Cause, Change } from '#model/change.ts';
import type { Terminal } from '../terminal.ts';
import { renderColumns } from './columns.ts';
import { labels } from './labels.ts';
import { actionWords, strategyReasons } from './words.ts';

interface Reader {
  readonly terminal: Terminal;
  readonly language: Language;
}

export interface ShownPlan {
  readonly project: string;
  readonly from?: number | undefined;
  readonly to: number;
  readonly changes: readonly Change[];
}

/** What a deployment does to each service, by which strategy, and which key is the cause. */
export function renderPlan(plan: ShownPlan, reader: Reader): string {
  const { terminal, language } = reader;
  const head = (['service', 'action', 'strategy', 'why'] as const).map((name) =>
    terminal.paint('dim', labels[name][language]),
  );
  const rows = plan.changes.flatMap((change) => changeRows(change, reader));
  return `${terminal.paint('bold', heading(plan, language))}\n\n${renderColumns([head, ...rows], '  ')}${pauses(plan, reader)}`;
}

/** Does nothing of the plan need to be done? */
export function isNothing(plan: Pick<ShownPlan, 'changes'>): boolean {
  return plan.changes.every((change) => change.action === 'keep' && change.causes.length === 0);
}

function heading({ project, from, to }: ShownPlan, language: Language): string {
  const what =
    from === undefined ? said('CLI_PLAN_HEAD_FIRST', { project, to }) : said('CLI_PLAN_HEAD', { project, from, to });
  return say(what, language);
}

const mostCauses = 6;

function changeRows(change: Change, { terminal, language }: Reader): string[][] {
  const word = actionWords[change.action];
  const action = word.style === undefined ? word.text[language] : terminal.paint(word.style, word.text[language]);
  const shown = change.causes.slice(0, mostCauses).map(renderCause);
  const rest = change.causes.length - shown.length;
  const causes = rest > 0 ? [...shown, `+${rest} ${labels.others[language]}`] : shown;
  const [first = '', ...others] = causes;
  return [
    [change.service, action, strategyText(change, language), first],
    ...others.map((cause) => ['', '', '', cause]),
  ];
}

function strategyText(change: Change, language: Language): string {
  if (change.action === 'keep' || change.action === 'remove') return '';
  const reason = strategyReasons[change.strategyReason]?.[language];
  const strategy = change.shares === undefined ? change.strategy : `${change.strategy} ${change.shares.join(' → ')} %`;
  return reason === undefined ? strategy : `${strategy} (${reason})`;
}

/** `environment.LOG_LEVEL: info -> debug`. */
export function renderCause({ path, from, to }: Cause): string {
  if (from === undefined && to === undefined) return path;
  return `${path}: ${renderValue(from)} -> ${renderValue(to)}`;
}

const longest = 40;

function renderValue(value: unknown): string {
  if (value === undefined || value === null) return '-';
  if (value === '') return '""';
  const text = (typeof value === 'string' ? value : JSON.stringify(value)).replaceAll('\n', '\\n');
  return text.length > longest ? `${text.slice(0, longest - 3)}...` : text;
}

function pauses({ changes }: ShownPlan, { terminal, language }: Reader): string {
  const lines = changes.flatMap(({ service, pause }) =>
    pause === undefined || pause <= 0
      ? []
      : [say(said('CLI_PLAN_PAUSE', { service, pause: renderDuration(pause) }), language)],
  );
  return lines.length === 0 ? '' : `\n${lines.map((line) => `  ${terminal.paint('yellow', line)}\n`).join('')}`;
}
