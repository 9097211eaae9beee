import { TimonelError } from '#core/errors.ts';
import { child, type Node, type Path, textOf } from '../tree/node.ts';
import { type Report, spot } from '../tree/report.ts';
import { parseVolume } from '../values/volume.ts';

/** Where a mount of a service ends up, in either form: what makes it unique in its list. */
export function mountTarget(item: Node, report: Report, path: Path): string | undefined {
  const written = textOf(item);
  if (written !== undefined) return targetOfShort(written, item, report, path);
  const target = textOf(child(item, 'target'));
  if (item.kind === 'mapping' && target === undefined) {
    report.error('COMPOSE_TARGET_MISSING', { path: path.join('.'), what: 'mount' }, spot(item, path));
  }
  return target;
}

function targetOfShort(written: string, item: Node, report: Report, path: Path): string | undefined {
  try {
    return parseVolume(written).target;
  } catch (error) {
    if (!(error instanceof TimonelError)) throw error;
    report.said('error', error.said, spot(item, path));
    return undefined;
  }
}
