import type { Entry, Mapping, Node, Path, Scalar } from '../tree/node.ts';
import { isNull, list, nothing, text } from '../tree/node.ts';
import { type Report, spot } from '../tree/report.ts';
import { scalarText } from '../tree/scalar-text.ts';
import { splitEntry } from '../values/mapping.ts';
import { asText, type Binder, refuse } from './binder.ts';

/** Variables: `KEY=VALUE` items or pairs become a mapping of texts; a key without value stays null. */
export const environment: Binder = (node, path, report) => {
  if (node.kind === 'list') checkTrailingSpaces(node.items, path, report);
  return pairs(node, path, report, (mark) => nothing(mark));
};

/** Labels, annotations and the like: as variables, but a key without value is empty. */
export const labels: Binder = (node, path, report) => pairs(node, path, report, (mark) => text('', mark));

/** Options for a driver: a mapping whose values become texts. */
export const options: Binder = (node, path, report) =>
  node.kind === 'list' ? refuse(node, path, report, 'mapping') : labels(node, path, report);

/** Options whose values must be texts or whole numbers already. */
export const strictOptions: Binder = (node, path, report) => {
  if (node.kind === 'mapping') {
    for (const [key, { value }] of node.entries) {
      if (value.kind !== 'scalar' || value.type === 'float' || value.type === 'bool' || value.type === 'time') {
        refuse(value, [...path, key], report, 'string');
      }
    }
  }
  return options(node, path, report);
};

/** Options that may be given several times: each value becomes a list of texts. */
export const repeatedOptions: Binder = (node, path, report) => {
  if (node.kind !== 'mapping') return refuse(node, path, report, 'mapping');
  const entries = new Map<string, Entry>();
  for (const [key, entry] of node.entries) {
    const values = entry.value.kind === 'list' ? entry.value.items : [entry.value];
    const items = values.map((value) => (value.kind === 'scalar' ? asText(value, scalarText(value)) : value));
    entries.set(key, { key: entry.key, value: list(items, entry.value.mark) });
  }
  return entries.size === 0 ? undefined : { ...node, entries };
};

function pairs(node: Node, path: Path, report: Report, absent: (mark: Node['mark']) => Scalar): Mapping | undefined {
  if (isNull(node)) return undefined;
  const entries = node.kind === 'list' ? pairsOfItems(node.items, absent) : new Map<string, Entry>();
  if (node.kind === 'scalar') return refuse(node, path, report, 'mapping');
  if (node.kind === 'mapping') {
    for (const [key, entry] of node.entries) {
      const value = textOrAbsent(entry.value, [...path, key], report, absent);
      if (value !== undefined) entries.set(key, { key: entry.key, value });
    }
  }
  return entries.size === 0 ? undefined : { kind: 'mapping', entries, mark: node.mark };
}

function textOrAbsent(
  value: Node,
  path: Path,
  report: Report,
  absent: (mark: Node['mark']) => Scalar,
): Node | undefined {
  if (value.kind !== 'scalar') return refuse(value, path, report, 'string');
  return value.type === 'null' ? absent(value.mark) : asText(value, scalarText(value));
}

function pairsOfItems(items: readonly Node[], absent: (mark: Node['mark']) => Scalar): Map<string, Entry> {
  const entries = new Map<string, Entry>();
  for (const item of items) {
    if (item.kind !== 'scalar') continue;
    const [key, value] = splitEntry(scalarText(item));
    entries.set(key, { key: item.mark, value: value === undefined ? absent(item.mark) : text(value, item.mark) });
  }
  return entries;
}

function checkTrailingSpaces(items: readonly Node[], path: Path, report: Report): void {
  items.forEach((item, index) => {
    const key = item.kind === 'scalar' ? splitEntry(scalarText(item))[0] : '';
    if (/\s$/.test(key)) {
      const at = [...path, index];
      report.error('COMPOSE_VARIABLE_SPACE', { path: path.join('.'), name: key.trimEnd() }, spot(item, at));
    }
  });
}
