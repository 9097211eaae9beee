import { isNull, list, type Node, type Path, text } from '../tree/node.ts';
import { type Report, spot } from '../tree/report.ts';
import { droppedTail, splitShellWords } from '../values/shell-words.ts';
import { type Binder, parsing, refuse } from './binder.ts';
import { textItems } from './lists.ts';

/** A command: a text is split into words, `[]` and `""` stay as the empty list that clears the image's command. */
export const command: Binder = (node, path, report) => {
  if (isNull(node)) return undefined;
  if (node.kind === 'list') return { ...node, items: textItems(node, path, report) };
  if (node.kind !== 'scalar' || node.type !== 'string') return refuse(node, path, report, 'command');
  const line = String(node.value);
  const words = parsing(node, path, report, () => splitShellWords(line));
  if (words === undefined) return undefined;
  warnOfTail(node, line, path, report);
  return list(
    words.map((word) => text(word, node.mark)),
    node.mark,
  );
};

/** The test of a healthcheck: a text is run by the container's shell. */
export const healthTest: Binder = (node, path, report) => {
  if (isNull(node)) return undefined;
  if (node.kind === 'list') {
    return node.items.length === 0 ? undefined : { ...node, items: textItems(node, path, report) };
  }
  if (node.kind !== 'scalar' || node.type !== 'string') return refuse(node, path, report, 'command');
  return list([text('CMD-SHELL', node.mark), node], node.mark);
};

function warnOfTail(node: Node, line: string, path: Path, report: Report): void {
  const tail = droppedTail(line);
  if (tail !== undefined) report.warning('COMPOSE_COMMAND_TAIL', { path: path.join('.'), tail }, spot(node, path));
}
