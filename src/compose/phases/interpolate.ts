import { TimonelError } from '#core/errors.ts';
import { mapEntries, mapItems } from '../tree/edit.ts';
import type { Node, Path, Scalar } from '../tree/node.ts';
import { type Report, spot } from '../tree/report.ts';
import { type CastTable, castText, composeCasts } from '../values/cast.ts';
import { type Lookup, substitute } from '../values/template.ts';

export interface Interpolation {
  readonly lookup: Lookup;
  readonly report: Report;
  /** Names of unset variables already warned of: once a variable, not once a mention. */
  readonly warned: Set<string>;
}

type Rule = CastTable[string] | undefined;

/**
 * Fills the variables into every string value (never into keys) and turns texts into numbers and booleans where the
 * model wants them, so that `replicas: ${N}` is a number from here on.
 */
export function interpolate(node: Node, how: Interpolation, path: Path = [], rule: Rule = composeCasts): Node {
  if (node.kind === 'scalar') return scalar(node, how, path, rule);
  if (node.kind === 'list') {
    const below = typeof rule === 'object' ? rule['[]'] : undefined;
    return mapItems(node, (item, index) => interpolate(item, how, [...path, index], below));
  }
  return mapEntries(node, (key, entry) => interpolate(entry.value, how, [...path, key], ruleBelow(rule, key)));
}

/** Fills the variables of one text; undefined when that fails, and the finding says why. */
export function interpolateText(node: Scalar, how: Interpolation, path: Path): string | undefined {
  const text = node.value as string;
  if (!text.includes('$')) return text;
  try {
    return substitute(text, how.lookup, (name) => warnUnset(name, node, how, path));
  } catch (error) {
    if (!(error instanceof TimonelError)) throw error;
    how.report.said('error', error.said, spot(node, path));
    return undefined;
  }
}

function ruleBelow(rule: Rule, key: string): Rule {
  if (typeof rule !== 'object') return undefined;
  return Object.hasOwn(rule, key) ? rule[key] : rule['*'];
}

function scalar(node: Scalar, how: Interpolation, path: Path, rule: Rule): Node {
  if (node.type !== 'string') return node;
  const text = interpolateText(node, how, path);
  if (text === undefined) return node;
  const kind = typeof rule === 'object' ? rule['.'] : rule;
  if (typeof kind === 'string') return cast(node, text, kind, how.report, path);
  return text === node.value ? node : { ...node, value: text };
}

function cast(node: Scalar, text: string, kind: Extract<Rule, string>, report: Report, path: Path): Node {
  const where = spot(node, path);
  try {
    const value = castText(text, kind, (meant) => report.warning('COMPOSE_BOOLEAN_WORD', { word: text, meant }, where));
    if (typeof value === 'boolean') return { ...node, type: 'bool', value };
    return { ...node, type: kind === 'int' ? 'int' : 'float', value };
  } catch (error) {
    if (!(error instanceof TimonelError)) throw error;
    report.said('error', error.said, where);
    return { ...node, value: text };
  }
}

function warnUnset(name: string, node: Scalar, how: Interpolation, path: Path): void {
  if (how.warned.has(name)) return;
  how.warned.add(name);
  how.report.warning('COMPOSE_VARIABLE_UNSET', { name }, spot(node, path));
}
