import { fail } from '#core/errors.ts';

/**
 * Splits a command line into words, as `command: run "a b"` means it: white space parts words, '…' and "…" hold them
 * together, a backslash guards any character but inside '…'. No variable is expanded and `#` starts no comment. Like the
 * reference loader it stops, without a word, at an unquoted `;`, `&`, `|`, `<` or `>`; see `droppedTail`.
 *
 * @throws COMPOSE_COMMAND_LINE when quotes or parentheses do not balance
 */
export function splitShellWords(text: string): string[] {
  return scan(text).words;
}

/** What `splitShellWords` leaves out: the text from the first unquoted `;`, `&`, `|`, `<` or `>` on. */
export function droppedTail(text: string): string | undefined {
  const { end } = scan(text);
  return end < text.length ? text.slice(end) : undefined;
}

type Quote = 'single' | 'double' | 'backtick' | 'dollar';

function scan(text: string): { readonly words: string[]; readonly end: number } {
  const words: string[] = [];
  let word = '';
  let inWord = false;
  const open = new Set<Quote>();
  let end = text.length;

  for (let index = 0; index < text.length; index++) {
    const character = text[index] ?? '';
    if (character === '\\' && !open.has('single')) {
      index++;
      if (index === text.length) throw fail('COMPOSE_COMMAND_LINE', { problem: 'backslash' });
      word += text[index];
      inWord = true;
    } else if (/[ \t\r\n]/.test(character) && open.size === 0) {
      if (inWord) words.push(word);
      word = '';
      inWord = false;
    } else if (';&|<>'.includes(character) && open.size === 0) {
      // `2>log`: the number before `>` belongs to the redirection, not to the command.
      if (character === '>' && /^[0-9]/.test(word)) inWord = false;
      end = index;
      break;
    } else if (character === '"' && !open.has('single') && !open.has('dollar')) {
      if (toggle(open, 'double')) inWord = true;
    } else if (character === "'" && !open.has('double') && !open.has('dollar')) {
      if (toggle(open, 'single')) inWord = true;
    } else {
      parenthesis(open, character, word);
      word += character;
      inWord = true;
    }
  }
  if (open.size > 0) throw fail('COMPOSE_COMMAND_LINE', { problem: 'unbalanced' });
  if (inWord) words.push(word);
  return { words, end };
}

/** Follows `$(…)` and backticks, which hold words together though nothing runs them. */
function parenthesis(open: Set<Quote>, character: string, word: string): void {
  if (open.has('single') || open.has('double')) return;
  if (character === '`' && !open.has('dollar')) toggle(open, 'backtick');
  if (open.has('backtick')) return;
  if (character === ')') toggle(open, 'dollar');
  if (character !== '(') return;
  if (open.has('dollar') || !word.endsWith('$')) throw fail('COMPOSE_COMMAND_LINE', { problem: 'parenthesis' });
  open.add('dollar');
}

/** Opens or closes a quote; true when it closed, which makes even an empty text a word. */
function toggle(open: Set<Quote>, quote: Quote): boolean {
  if (open.delete(quote)) return true;
  open.add(quote);
  return false;
}
