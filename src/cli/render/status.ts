import type { Language } from '#core/messages/message.ts';
import type { WireStatus } from '#daemon/contract.ts';
import type { Terminal } from '../terminal.ts';
import { renderCanary } from './canary.ts';
import { renderColumns } from './columns.ts';
import { labels } from './labels.ts';
import { renderSentence } from './said.ts';
import { breakerWords, deploymentWords, instanceWords, stateWords, type Word } from './words.ts';

interface Reader {
  readonly terminal: Terminal;
  readonly language: Language;
}

/** A project at a glance: its state, every service with its addresses, every instance, the last deployment. */
export function renderStatus(status: WireStatus, reader: Reader): string {
  return [
    headline(status, reader),
    services(status, reader),
    instances(status, reader),
    canaries(status, reader),
    tail(status, reader),
  ]
    .filter((part) => part !== '')
    .join('\n');
}

function headline({ project, release, state }: WireStatus, { terminal, language }: Reader): string {
  const which = release === undefined ? labels.firstTime[language] : `${labels.release[language]} ${release}`;
  return `${terminal.paint('bold', project)}  ${which}  ${word(stateWords[state], { terminal, language })}\n`;
}

function services(status: WireStatus, reader: Reader): string {
  const head = heading(['service', 'instances', 'release', 'strategy', 'traffic'], reader);
  const rows = status.services.map((one) => [
    one.name,
    count(one.healthy, one.desired, reader.terminal),
    String(one.release ?? '-'),
    one.strategy,
    lately(one.traffic, reader),
    one.urls.map((url) => reader.terminal.paint('cyan', url)).join('  '),
  ]);
  return rows.length === 0 ? '' : renderColumns([head, ...rows], '  ');
}

function instances(status: WireStatus, reader: Reader): string {
  const head = heading(['instance', 'state', 'since', 'restarts', 'address'], reader);
  const rows = status.services.flatMap((service) =>
    service.instances.map((one) => [
      one.id,
      one.outlier === undefined
        ? word(instanceWords[one.state], reader)
        : reader.terminal.paint('red', labels.outlier[reader.language]),
      one.startedAt === undefined ? '-' : localTime(one.startedAt),
      String(one.restarts),
      one.address ?? '-',
    ]),
  );
  return rows.length === 0 ? '' : renderColumns([head, ...rows], '  ');
}

function canaries(status: WireStatus, { language }: Reader): string {
  return (status.canaries ?? []).map((one) => `${renderCanary(one, language)}\n`).join('');
}

function tail(
  { lastDeployment: last, warm, warnings, services: breakers }: WireStatus,
  { terminal, language }: Reader,
): string {
  const lines: string[] = [];
  if (last !== undefined) {
    const ended = last.endedAt === undefined ? localTime(last.startedAt) : localTime(last.endedAt);
    const reason = last.reason === undefined ? '' : `: ${last.reason}`;
    const state = word(deploymentWords[last.state], { terminal, language });
    lines.push(`${labels.lastDeployment[language]}: ${last.kind} ${last.id}, ${state}, ${ended}${reason}\n`);
  }
  if (warm !== undefined) {
    lines.push(
      `${labels.warm[language]}: ${labels.release[language]} ${warm.release}, ${labels.until[language]} ${localTime(warm.until)}\n`,
    );
  }
  for (const one of breakers.flatMap((service) => service.breakers ?? []))
    if (one.state !== 'closed')
      lines.push(
        terminal.paint(
          'yellow',
          `${labels.breaker[language]} ${one.route}: ${breakerWords[one.state][language]} (${one.why})\n`,
        ),
      );
  for (const { id, outlier } of breakers.flatMap((service) => service.instances))
    if (outlier !== undefined)
      lines.push(
        terminal.paint(
          'yellow',
          `${id}: ${labels.outlierUntil[language]} ${localTime(outlier.until)}: ${outlier.why}\n`,
        ),
      );
  for (const one of warnings) lines.push(renderSentence(one, terminal, 'yellow'));
  return lines.join('');
}

/** `12.4 req/s  0.1 % errors  p95 31 ms`; a dash for what nothing leads to. */
function lately(traffic: WireStatus['services'][number]['traffic'], { terminal, language }: Reader): string {
  if (traffic === undefined) return '-';
  const { requestsPerSecond, errorRatio, p95 } = traffic;
  const errors = `${shortNumber(errorRatio * 100)} % ${labels.errorsShort[language]}`;
  return [
    `${shortNumber(requestsPerSecond)} ${labels.requestsShort[language]}`,
    ...(requestsPerSecond === 0 ? [] : [errorRatio > 0 ? terminal.paint('red', errors) : errors]),
    ...(p95 === undefined ? [] : [`p95 ${shortNumber(p95)} ms`]),
  ].join('  ');
}

function shortNumber(value: number): string {
  return value === 0 || value >= 10 ? value.toFixed(0) : value.toFixed(value < 0.1 ? 2 : 1);
}

function count(healthy: number, desired: number, terminal: Terminal): string {
  return terminal.paint(healthy >= desired ? 'green' : 'red', `${healthy}/${desired}`);
}

function heading(names: readonly (keyof typeof labels)[], { terminal, language }: Reader): string[] {
  return names.map((name) => terminal.paint('dim', labels[name][language]));
}

function word({ text, style }: Word, { terminal, language }: Reader): string {
  return style === undefined ? text[language] : terminal.paint(style, text[language]);
}

/** `2026-11-22 16:05:09` in the zone of whoever reads. */
export function localTime(when: string | number): string {
  const moment = new Date(when);
  const two = (value: number): string => String(value).padStart(2, '0');
  const day = `${moment.getFullYear()}-${two(moment.getMonth() + 1)}-${two(moment.getDate())}`;
  return `${day} ${two(moment.getHours())}:${two(moment.getMinutes())}:${two(moment.getSeconds())}`;
}
