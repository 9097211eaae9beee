import { TimonelError } from '#core/errors.ts';
import type { FactsOf } from '#core/messages/catalogue.ts';
import type { Node, Path, Scalar } from '../tree/node.ts';
import { type Report, spot } from '../tree/report.ts';

/**
 * Brings a checked value into the form that the canonical model prints. Undefined leaves the attribute out: empty
 * texts, false and zero mean the same as nothing there.
 */
export type Binder = (node: Node, path: Path, report: Report) => Node | undefined;

/** Reports that a value cannot become what the attribute needs; silent when the value was refused before. */
export function refuse(node: Node, path: Path, report: Report, needed: FactsOf<'COMPOSE_VALUE'>['needed']): undefined {
  if (report.isRefused(path)) return undefined;
  const value = node.kind === 'scalar' ? String(node.value) : node.kind;
  report.error('COMPOSE_VALUE', { path: path.join('.'), value, needed }, spot(node, path));
  return undefined;
}

/** Runs a parser of texts whose errors become findings at the value. */
export function parsing<T>(node: Node, path: Path, report: Report, parse: () => T): T | undefined {
  try {
    return parse();
  } catch (error) {
    if (!(error instanceof TimonelError)) throw error;
    if (!report.isRefused(path)) report.said('error', error.said, spot(node, path));
    return undefined;
  }
}

/** The scalar with another value; its place stays. */
export function asText(node: Scalar, value: string): Scalar {
  return { kind: 'scalar', type: 'string', value, mark: node.mark };
}

export function isEmpty(node: Node): boolean {
  if (node.kind === 'list') return node.items.length === 0;
  return node.kind === 'mapping' && node.entries.size === 0;
}
