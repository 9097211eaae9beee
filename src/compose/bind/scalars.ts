import { flag, integer, type Node, type Path, type Scalar } from '../tree/node.ts';
import type { Report } from '../tree/report.ts';
import { scalarText } from '../tree/scalar-text.ts';
import { castText } from '../values/cast.ts';
import { singlePrecision } from '../values/float-text.ts';
import { asText, type Binder, parsing, refuse } from './binder.ts';

/** A text; whole numbers become one. Empty is left out. */
export const textValue: Binder = (node, path, report) => {
  const value = readText(node, path, report);
  return value === undefined || value.value === '' ? undefined : value;
};

/** A text that is always printed. */
export const keptText: Binder = (node, path, report) => readText(node, path, report);

/** A boolean; false is left out. */
export const flagValue: Binder = (node, path, report) => {
  const value = readFlag(node, path, report);
  return value?.value === true ? value : undefined;
};

/** A boolean whose false differs from nothing. */
export const keptFlag: Binder = (node, path, report) => readFlag(node, path, report);

/** A boolean that is true unless said otherwise: only false is printed. */
export const optOut: Binder = (node, path, report) => {
  const value = readFlag(node, path, report);
  return value?.value === false ? value : undefined;
};

/** A whole number; zero is left out. */
export const wholeValue: Binder = (node, path, report) => {
  const value = readWhole(node, path, report);
  return value === undefined || Number(value.value) === 0 ? undefined : value;
};

/** A whole number whose zero differs from nothing. */
export const keptWhole: Binder = (node, path, report) => readWhole(node, path, report);

/** A whole number that texts do not become, not below zero; zero is left out. */
export const countValue: Binder = (node, path, report) => {
  const value = readCount(node, path, report);
  return value === undefined || Number(value.value) === 0 ? undefined : value;
};

export const keptCount: Binder = (node, path, report) => readCount(node, path, report);

/** A number of single precision, as the reference stores it; zero is left out. */
export const fractionValue: Binder = (node, path, report) => {
  const value = readNumber(node, path, report);
  if (value === undefined || value === 0) return undefined;
  return { kind: 'scalar', type: 'float', value: singlePrecision(value), mark: node.mark };
};

function readText(node: Node, path: Path, report: Report): Scalar | undefined {
  if (node.kind === 'scalar') {
    if (node.type === 'string') return node;
    if (node.type === 'int') return asText(node, scalarText(node));
    if (node.type === 'null') return undefined;
  }
  return refuse(node, path, report, 'string');
}

function readFlag(node: Node, path: Path, report: Report): Scalar | undefined {
  if (node.kind !== 'scalar') return refuse(node, path, report, 'boolean');
  if (node.type === 'bool') return node;
  if (node.type === 'null') return undefined;
  if (node.type !== 'string') return refuse(node, path, report, 'boolean');
  const value = parsing(node, path, report, () => castText(String(node.value), 'boolean', () => {}));
  return value === undefined ? undefined : flag(value === true, node.mark);
}

function readWhole(node: Node, path: Path, report: Report): Scalar | undefined {
  if (node.kind === 'scalar' && node.type === 'string') {
    const value = parsing(node, path, report, () => castText(String(node.value), 'int', () => {}));
    return typeof value === 'number' ? integer(value, node.mark) : undefined;
  }
  return readWholeNumber(node, path, report);
}

function readWholeNumber(node: Node, path: Path, report: Report): Scalar | undefined {
  if (node.kind === 'scalar') {
    if (node.type === 'int' && !isBeyondInt64(node)) return node;
    // The reference cuts fractions off.
    if (node.type === 'float') return integer(Math.trunc(Number(node.value)), node.mark);
    if (node.type === 'null') return undefined;
  }
  return refuse(node, path, report, 'integer');
}

function isBeyondInt64({ value }: Scalar): boolean {
  return typeof value === 'bigint' && BigInt.asIntN(64, value) !== value;
}

function readCount(node: Node, path: Path, report: Report): Scalar | undefined {
  const value = readWholeNumber(node, path, report);
  if (value !== undefined && Number(value.value) < 0) return refuse(node, path, report, 'count');
  return value;
}

function readNumber(node: Node, path: Path, report: Report): number | undefined {
  if (node.kind === 'scalar') {
    if (node.type === 'int' || node.type === 'float') return Number(node.value);
    if (node.type === 'null') return undefined;
    if (node.type === 'string') {
      const value = parsing(node, path, report, () => castText(String(node.value), 'float', () => {}));
      return typeof value === 'number' ? value : undefined;
    }
  }
  return refuse(node, path, report, 'number');
}
