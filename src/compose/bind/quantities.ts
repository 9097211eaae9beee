import { integer, type Node, type Path, type Scalar } from '../tree/node.ts';
import type { Report } from '../tree/report.ts';
import { scalarText } from '../tree/scalar-text.ts';
import { canonicalBytes } from '../values/bytes.ts';
import { canonicalDuration } from '../values/duration.ts';
import { canonicalFileMode } from '../values/file-mode.ts';
import { asText, type Binder, parsing, refuse } from './binder.ts';

/** A size as decimal text of bytes; zero is left out. */
export const bytes: Binder = (node, path, report) => {
  const value = keptBytes(node, path, report);
  return value?.kind === 'scalar' && value.value === '0' ? undefined : value;
};

export const keptBytes: Binder = (node, path, report) => {
  if (node.kind !== 'scalar' || node.type === 'bool') return refuse(node, path, report, 'bytes');
  if (node.type === 'null') return undefined;
  const written = node.type === 'float' ? wholeText(node) : scalarText(node);
  const value = canonicalBytes(written);
  return value === undefined ? refuse(node, path, report, 'bytes') : asText(node, value);
};

/** A duration as `1m30s`; zero is left out. */
export const duration: Binder = (node, path, report) => {
  const value = readDuration(node, path, report);
  return value?.value === '0s' ? undefined : value;
};

/** A duration whose zero differs from nothing. */
export const keptDuration: Binder = (node, path, report) => readDuration(node, path, report);

/** The mode of a file, as octal text `0440`. */
export const fileMode: Binder = (node, path, report) => {
  const written = node.kind === 'scalar' && (node.type === 'int' || node.type === 'string') ? node : undefined;
  const mode = written === undefined ? undefined : canonicalFileMode(written.value as number | string);
  return written === undefined || mode === undefined ? refuse(node, path, report, 'mode') : asText(written, mode);
};

/** How many devices: a number, `all` is -1; zero is left out. */
export const deviceCount: Binder = (node, path, report) => {
  if (node.kind !== 'scalar') return refuse(node, path, report, 'device count');
  const written = scalarText(node);
  const count = written.toLowerCase() === 'all' ? -1 : /^[+-]?\d+$/.test(written) ? Number(written) : undefined;
  if (count === undefined) return refuse(node, path, report, 'device count');
  return count === 0 ? undefined : integer(count, node.mark);
};

function readDuration(node: Node, path: Path, report: Report): Scalar | undefined {
  if (node.kind !== 'scalar') return refuse(node, path, report, 'duration');
  if (node.type === 'null') return undefined;
  const value = parsing(node, path, report, () => canonicalDuration(scalarText(node)));
  return value === undefined ? undefined : asText(node, value);
}

/** `1e9` without its exponent; the reference drops a size written so, and with it a limit. */
function wholeText(node: Scalar): string {
  const value = Number(node.value);
  return Number.isSafeInteger(value) ? String(value) : scalarText(node);
}
