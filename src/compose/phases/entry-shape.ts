import { checkShape } from '../schema/check.ts';
import { type Section, section, shapeOf } from '../schema/section.ts';
import { either, string } from '../schema/shape.ts';
import { suggestion } from '../suggest.ts';
import type { Node, Path } from '../tree/node.ts';
import type { Report } from '../tree/report.ts';

/**
 * Checks an entry that is used up before the whole model is checked (`include`, `extends`). A key that it does not know
 * is only warned of: the reference passes over it.
 */
export function checkEntry(node: Node, known: Section, report: Report, path: Path): void {
  const lenient = shapeOf(section(known.fields, { unknown: 'dropped' }));
  checkShape(node, either(string, lenient), report, path);
  if (node.kind !== 'mapping') return;
  for (const [key, entry] of node.entries) {
    if (Object.hasOwn(known.fields, key) || key.startsWith('x-')) continue;
    const facts = { where: path.join('.'), key, nearest: suggestion(key, Object.keys(known.fields)) };
    report.warning('COMPOSE_KEY_WITHOUT_EFFECT', facts, { mark: entry.key, path: [...path, key] });
  }
}
