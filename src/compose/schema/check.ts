import { canonicalJson } from '#core/hash.ts';
import { suggestion } from '../suggest.ts';
import type { List, Mapping, Node, Path, Scalar } from '../tree/node.ts';
import { toPlain } from '../tree/plain.ts';
import { type Report, spot } from '../tree/report.ts';
import type { Section } from './section.ts';
import type { DictionaryShape, ScalarShape, ScalarWord, Shape } from './shape.ts';

/** Checks a value against its shape; every breach becomes a finding at its own place. */
export function checkShape(node: Node, shape: Shape, report: Report, path: Path): void {
  if (shape.kind === 'anything') return;
  // Alternatives differ in kind, so the kind of the value says which one was meant.
  const meant = shape.kind === 'either' ? shape.shapes.find((one) => fitsKind(node, one)) : shape;
  if (meant === undefined || !fitsKind(node, meant)) {
    const demanded = [...new Set(wordsOf(shape))];
    report.error('COMPOSE_WRONG_TYPE', { path: path.join('.'), demanded, found: foundWord(node) }, spot(node, path));
  } else if (meant.kind === 'either') checkShape(node, meant, report, path);
  else if (meant.kind === 'scalar' && node.kind === 'scalar') checkScalar(node, meant, report, path);
  else if (meant.kind === 'list' && node.kind === 'list') checkList(node, meant, report, path);
  else if (meant.kind === 'section' && node.kind === 'mapping') checkSection(node, meant.section, report, path);
  else if (meant.kind === 'dictionary' && node.kind === 'mapping') checkDictionary(node, meant, report, path);
}

function checkList(node: List, shape: Extract<Shape, { kind: 'list' }>, report: Report, path: Path): void {
  node.items.forEach((item, index) => {
    checkShape(item, shape.items, report, [...path, index]);
  });
  if (shape.unique && node.items.length > 1) checkRepeats(node, report, path);
}

function checkRepeats(node: List, report: Report, path: Path): void {
  const first = new Map<string, number>();
  node.items.forEach((item, index) => {
    const identity = identityOf(item);
    const before = first.get(identity);
    if (before === undefined) first.set(identity, index);
    else {
      const facts = { path: path.join('.'), first: before, second: index };
      report.error('COMPOSE_ITEM_REPEATED', facts, spot(item, [...path, index]));
    }
  });
}

/** Equal as JSON values: the number 80 is not the text "80", but 1.0 is 1. */
function identityOf(item: Node): string {
  if (item.kind !== 'scalar') return canonicalJson(toPlain(item));
  return `${item.type === 'float' ? 'int' : item.type} ${item.value}`;
}

function checkSection(node: Mapping, section: Section, report: Report, path: Path): void {
  for (const [key, entry] of node.entries) {
    const field = Object.hasOwn(section.fields, key) ? section.fields[key] : undefined;
    if (field !== undefined) checkShape(entry.value, field.takes, report, [...path, key]);
    else if (section.unknown === 'refused' && !(section.extensible && key.startsWith('x-'))) {
      const facts = { where: path.join('.'), key, nearest: suggestion(key, Object.keys(section.fields)) };
      report.error('COMPOSE_UNKNOWN_KEY', facts, { mark: entry.key, path: [...path, key] });
    }
  }
  for (const key of section.required) {
    if (!node.entries.has(key)) report.error('COMPOSE_KEY_MISSING', { path: path.join('.'), key }, spot(node, path));
  }
}

function checkDictionary(node: Mapping, shape: DictionaryShape, report: Report, path: Path): void {
  for (const [key, entry] of node.entries) {
    if (shape.names === undefined || shape.names.test(key))
      checkShape(entry.value, shape.values, report, [...path, key]);
    else if (shape.others !== 'ignored') {
      report.error(
        'COMPOSE_NAME_NOT_ALLOWED',
        { where: path.join('.'), name: key },
        { mark: entry.key, path: [...path, key] },
      );
    }
  }
}

function checkScalar(node: Scalar, shape: ScalarShape, report: Report, path: Path): void {
  if (node.type === 'float' && !Number.isFinite(node.value)) {
    report.error('COMPOSE_NOT_FINITE', { path: path.join('.'), value: String(node.value) }, spot(node, path));
  } else if (isTextual(node)) checkText(node, shape, report, path);
  else if (typeof node.value === 'number') checkBounds(node.value, shape, report, node, path);
}

function checkText(node: Scalar, shape: ScalarShape, report: Report, path: Path): void {
  const value = String(node.value);
  if (shape.choices !== undefined && !shape.choices.includes(value)) {
    const facts = { path: path.join('.'), value, choices: shape.choices, nearest: suggestion(value, shape.choices) };
    report.error('COMPOSE_NOT_A_CHOICE', facts, spot(node, path));
  }
  if (shape.pattern !== undefined && !shape.pattern.test(value)) {
    const facts = { path: path.join('.'), value, pattern: shape.pattern.source };
    report.error('COMPOSE_PATTERN', facts, spot(node, path));
  }
}

function checkBounds(value: number, shape: ScalarShape, report: Report, node: Node, path: Path): void {
  const { min, max } = shape;
  if (min !== undefined && value < min) {
    report.error('COMPOSE_TOO_SMALL', { path: path.join('.'), value, min }, spot(node, path));
  }
  if (max !== undefined && value > max) {
    report.error('COMPOSE_TOO_LARGE', { path: path.join('.'), value, max }, spot(node, path));
  }
}

function fitsKind(node: Node, shape: Shape): boolean {
  if (shape.kind === 'either') return shape.shapes.some((one) => fitsKind(node, one));
  if (shape.kind === 'scalar') return node.kind === 'scalar' && shape.words.some((word) => fitsWord(node, word));
  if (shape.kind === 'list') return node.kind === 'list';
  if (shape.kind === 'anything') return true;
  return node.kind === 'mapping' || (shape.kind === 'section' && shape.section.isNullable && isNull(node));
}

function fitsWord(node: Scalar, word: ScalarWord): boolean {
  switch (word) {
    case 'string':
      return isTextual(node);
    case 'integer':
      return node.type === 'int' || (node.type === 'float' && Number.isInteger(node.value));
    case 'number':
      return node.type === 'int' || node.type === 'float';
    case 'boolean':
      return node.type === 'bool';
    case 'null':
      return node.type === 'null';
  }
}

/** Dates count as text: the reference checks the model after writing it as JSON. */
function isTextual(node: Scalar): boolean {
  return node.type === 'string' || node.type === 'time';
}

function isNull(node: Node): boolean {
  return node.kind === 'scalar' && node.type === 'null';
}

export type KindWord = ScalarWord | 'mapping' | 'list';

function wordsOf(shape: Shape): readonly KindWord[] {
  if (shape.kind === 'scalar') return shape.words;
  if (shape.kind === 'list') return ['list'];
  if (shape.kind === 'anything') return [];
  if (shape.kind === 'either') return shape.shapes.flatMap(wordsOf);
  return shape.kind === 'section' && shape.section.isNullable ? ['mapping', 'null'] : ['mapping'];
}

/** What a value is, in the words of the findings. */
export function foundWord(node: Node): KindWord {
  if (node.kind !== 'scalar') return node.kind;
  if (node.type === 'int') return 'integer';
  if (node.type === 'float') return 'number';
  if (node.type === 'bool') return 'boolean';
  return node.type === 'null' ? 'null' : 'string';
}
