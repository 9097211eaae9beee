import { isNull, type List, list, type Node, type Path, text } from '../tree/node.ts';
import type { Report } from '../tree/report.ts';
import { scalarText } from '../tree/scalar-text.ts';
import { type Binder, refuse } from './binder.ts';
import { keptText } from './scalars.ts';

/** A list of texts, or one text; an empty list is left out. */
export const texts: Binder = (node, path, report) => {
  if (node.kind === 'scalar' && node.type === 'string') return list([node], node.mark);
  if (isNull(node)) return undefined;
  if (node.kind !== 'list') return refuse(node, path, report, 'list');
  return node.items.length === 0 ? undefined : { ...node, items: textItems(node, path, report) };
};

/** A list of texts and numbers, all as texts; an empty list is left out. */
export const numberTexts: Binder = (node, path, report) => {
  if (node.kind !== 'list') return refuse(node, path, report, 'list');
  if (node.items.length === 0) return undefined;
  const items = node.items.map((item) => (item.kind === 'scalar' ? text(scalarText(item), item.mark) : item));
  return { ...node, items };
};

/** A list of what `item` makes of each element; an empty list is left out. */
export function eachOf(item: Binder): Binder {
  return (node, path, report) => {
    if (isNull(node)) return undefined;
    if (node.kind !== 'list') return refuse(node, path, report, 'list');
    if (node.items.length === 0) return undefined;
    return { ...node, items: node.items.flatMap((one, index) => item(one, [...path, index], report) ?? []) };
  };
}

/** The items of a list as texts. */
export function textItems(node: List, path: Path, report: Report): Node[] {
  return node.items.flatMap((item, index) => keptText(item, [...path, index], report) ?? []);
}
