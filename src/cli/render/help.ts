import type { Language } from '#core/messages/message.ts';
import type { Command } from '../command.ts';
import { commands } from '../commands/index.ts';
import type { Flag, Flags } from '../flags.ts';
import type { Terminal } from '../terminal.ts';
import { renderColumns } from './columns.ts';
import { labels } from './labels.ts';

interface Reader {
  readonly terminal: Terminal;
  readonly language: Language;
}

/** The list of commands. */
export function renderHelp({ terminal, language }: Reader): string {
  const rows = Object.entries(commands).map(([name, entry]) => [name, entry.summary[language]]);
  return [
    `${labels.tagline[language]}\n`,
    section(`${labels.usage[language]}: timonel [--lang en|es] COMMAND ...`, terminal),
    section(labels.commands[language], terminal) + renderColumns(rows, '  '),
    `\n${labels.more[language]}\n`,
  ].join('');
}

/** The help of one command. */
export function renderCommandHelp({
  name,
  command,
  flags,
  terminal,
  language,
}: Reader & { readonly name: string; readonly command: Command; readonly flags: Flags }): string {
  const usage = ['timonel', name, command.usage].filter((word) => word !== '').join(' ');
  const rows = Object.entries(flags).map(([flag, shape]) => [renderFlag(flag, shape), shape.text[language]]);
  return [
    `${labels.usage[language]}: ${usage}\n\n${command.about[language]}\n`,
    section(labels.options[language], terminal) + renderColumns(rows, '  '),
    command.examples.length === 0
      ? ''
      : section(labels.examples[language], terminal) + command.examples.map((line) => `  ${line}\n`).join(''),
  ].join('');
}

/** `-f, --file FILE`. */
export function renderFlag(name: string, flag: Flag): string {
  const short = flag.short === undefined ? '    ' : `-${flag.short}, `;
  return flag.kind === 'switch' ? `${short}--${name}` : `${short}--${name} ${flag.value}`;
}

function section(title: string, terminal: Terminal): string {
  return `\n${terminal.paint('bold', title)}\n`;
}
