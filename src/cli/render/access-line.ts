import type { AccessLine } from '#model/metrics.ts';
import type { Style, Terminal } from '../terminal.ts';
import { localTime } from './status.ts';

/** Lines of the access log for people: when, by whom, what, with which outcome, how long, where. */
export function accessRenderer(terminal: Terminal): (line: AccessLine) => string {
  return (line) => {
    const outcome = line.status === undefined ? line.ended : String(line.status);
    const many = line.standsFor === undefined ? '' : `  x${line.standsFor}`;
    return [
      terminal.paint('dim', localTime(line.time)),
      line.client,
      terminal.paint(styleOf(line), outcome.padStart(3)),
      `${line.ms} ms`.padStart(8),
      visible(`${line.method} ${line.host ?? '-'}${line.path}`),
      terminal.paint('dim', `${line.instance ?? line.service ?? '-'}${many}`),
    ].join('  ');
  };
}

/** Clients send what they like, and a terminal would obey what only looks like text. */
function visible(text: string): string {
  return text.replaceAll(/\p{Cc}/gu, (one) => `\\x${one.charCodeAt(0).toString(16).padStart(2, '0')}`);
}

function styleOf({ ended, status }: AccessLine): Style {
  if (ended === 'failed' || (status ?? 0) >= 500) return 'red';
  return (status ?? 0) >= 400 || ended === 'abandoned' ? 'yellow' : 'green';
}
