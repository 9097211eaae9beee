import { readFileSync } from 'node:fs';
import { relative, resolve } from 'node:path';
import type { Location } from '#core/location.ts';
import type { Language } from '#core/messages/message.ts';
import type { WordedFinding } from '#daemon/contract.ts';
import type { Style, Terminal } from '../terminal.ts';
import { labels } from './labels.ts';

export interface FindingReader {
  readonly terminal: Terminal;
  readonly language: Language;
  /** Where the user stands; places are shown from there. */
  readonly cwd: string;
  /** The folder that the finding's file names start from. */
  readonly base: string;
}

const styles: Readonly<Record<WordedFinding['severity'], Style>> = { error: 'red', warning: 'yellow', info: 'cyan' };

/**
 * A finding for people: what and where in a form that terminals turn into a link, the line itself with the place
 * marked, and what to do about it.
 */
export function renderFinding(finding: WordedFinding, reader: FindingReader): string {
  const { terminal, language } = reader;
  const severity = terminal.paint(styles[finding.severity], labels[finding.severity][language]);
  const place = finding.at === undefined ? '' : ` ${terminal.paint('bold', renderPlace(finding.at, reader))}`;
  const lines = [
    `${severity}${place} ${withPath(finding)}`,
    ...(finding.at === undefined ? [] : excerpt(finding.at, reader)),
    ...(finding.hint === undefined ? [] : [`  ${terminal.paint('cyan', finding.hint)}`]),
  ];
  return `${lines.join('\n')}\n`;
}

function withPath({ at, message }: WordedFinding): string {
  const path = at?.path;
  return path === undefined || path === '' || message.includes(path) ? message : `${path}: ${message}`;
}

function renderPlace(at: Location, { cwd, base }: FindingReader): string {
  const path = resolve(base, at.file);
  const near = relative(cwd, path);
  const shown = at.file === '-' ? '-' : near.startsWith('../../') || near === '' ? path : near;
  return `${shown}:${at.line}:${at.column}`;
}

function excerpt(at: Location, { terminal, base }: FindingReader): string[] {
  const line = sourceLine(resolve(base, at.file), at.line);
  if (line === undefined || line.length > 300) return [];
  const number = String(at.line);
  const shown = line.replaceAll('\t', ' ');
  return [
    `  ${terminal.paint('dim', `${number} |`)} ${shown}`,
    `  ${terminal.paint('dim', `${' '.repeat(number.length)} |`)} ${' '.repeat(Math.max(0, at.column - 1))}${terminal.paint('red', '^')}`,
  ];
}

function sourceLine(file: string, line: number): string | undefined {
  try {
    return readFileSync(file, 'utf8').split(/\r?\n/)[line - 1];
  } catch {
    return undefined;
  }
}
