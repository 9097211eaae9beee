import type { Language } from '#core/messages/message.ts';
import { type Said, say, sayHint } from '#core/messages/say.ts';
import type { Style, Terminal } from '../terminal.ts';

interface Reader {
  readonly terminal: Terminal;
  readonly language: Language;
}

/** A message of our own as lines for people: the sentence, and below it what to type next. */
export function renderSaid(what: Said, { terminal, language }: Reader): string {
  return renderSentence({ message: say(what, language), hint: sayHint(what, language) }, terminal);
}

/** A sentence with its hint as lines for people. */
export function renderSentence(
  { message, hint }: { readonly message: string; readonly hint?: string | undefined },
  terminal: Terminal,
  style?: Style,
): string {
  const sentence = style === undefined ? message : terminal.paint(style, message);
  return hint === undefined ? `${sentence}\n` : `${sentence}\n  ${terminal.paint('cyan', hint)}\n`;
}
