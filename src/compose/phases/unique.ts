import { child, isNull, type List, type Node, type Path, textOf } from '../tree/node.ts';
import { PathTable } from '../tree/path-table.ts';
import { type Report, spot } from '../tree/report.ts';
import { type Rewrite, rewrite } from '../tree/rewrite.ts';
import { scalarText } from '../tree/scalar-text.ts';
import { splitEntry } from '../values/mapping.ts';
import { mountTarget } from './mount-target.ts';

/** The key by which an item of a list is told from others; undefined when it has none and stays as it is. */
type Identify = (item: Node, report: Report, path: Path) => string | undefined;

const lists = PathTable.of<Rewrite<Report>>({
  'networks.*.labels': by(beforeEquals),
  'services.*.annotations': by(beforeEquals),
  'services.*.build.args': by(beforeEquals),
  'services.*.build.additional_contexts': by(beforeEquals),
  'services.*.build.platform': by(beforeEquals),
  'services.*.build.tags': by(beforeEquals),
  'services.*.build.labels': by(beforeEquals),
  'services.*.cap_add': by(beforeEquals),
  'services.*.cap_drop': by(beforeEquals),
  'services.*.configs': by(grantTarget('')),
  'services.*.deploy.labels': by(beforeEquals),
  'services.*.devices': by(deviceTarget),
  'services.*.dns': by(beforeEquals),
  'services.*.dns_opt': by(beforeEquals),
  'services.*.dns_search': by(beforeEquals),
  'services.*.environment': by(beforeEquals),
  'services.*.env_file': by(envFilePath),
  'services.*.expose': by(scalarKey),
  'services.*.labels': by(beforeEquals),
  'services.*.links': by(beforeEquals),
  'services.*.networks.*.aliases': by(beforeEquals),
  'services.*.networks.*.link_local_ips': by(beforeEquals),
  'services.*.ports': by(port),
  'services.*.profiles': by(beforeEquals),
  'services.*.secrets': by(grantTarget('/run/secrets')),
  'services.*.sysctls': by(beforeEquals),
  'services.*.tmpfs': by(beforeEquals),
  'services.*.volumes': by(mountTarget),
});

/**
 * Removes repeats from the lists whose items have an identity: the last definition wins and takes the place of the
 * first. Lists that are not named here keep repeats, which the schema then refuses.
 */
export function makeUnique(root: Node, report: Report): Node {
  return rewrite(root, lists, report);
}

function by(identify: Identify): Rewrite<Report> {
  return (node, path, report) => (node.kind === 'list' ? uniqueItems(node, identify, report, path) : node);
}

function uniqueItems(node: List, identify: Identify, report: Report, path: Path): List {
  const items: Node[] = [];
  const places = new Map<string, number>();
  node.items.forEach((item, index) => {
    const key = identify(item, report, [...path, index]);
    const place = key === undefined ? undefined : places.get(key);
    if (place !== undefined) items[place] = item;
    else {
      if (key !== undefined) places.set(key, items.length);
      items.push(item);
    }
  });
  return items.length === node.items.length ? node : { ...node, items };
}

function beforeEquals(item: Node): string | undefined {
  const written = textOf(item);
  return written === undefined ? undefined : splitEntry(written)[0];
}

function scalarKey(item: Node): string | undefined {
  return item.kind === 'scalar' ? scalarText(item) : undefined;
}

function envFilePath(item: Node): string | undefined {
  return textOf(item) ?? textOf(child(item, 'path'));
}

function grantTarget(folder: string): Identify {
  return (item) => {
    const source = textOf(item) ?? textOf(child(item, 'source'));
    return textOf(child(item, 'target')) ?? (source === undefined ? undefined : `${folder}/${source}`);
  };
}

function deviceTarget(item: Node, report: Report, path: Path): string | undefined {
  const written = textOf(item);
  if (written !== undefined) return written.split(':')[1] ?? written;
  const target = textOf(child(item, 'target'));
  if (item.kind === 'mapping' && target === undefined) {
    report.error('COMPOSE_TARGET_MISSING', { path: path.join('.'), what: 'device' }, spot(item, path));
  }
  return target;
}

/** Short forms count as text, long ones by address, published port, target and protocol. */
function port(item: Node, report: Report, path: Path): string | undefined {
  if (item.kind === 'scalar') return isNull(item) ? undefined : scalarText(item);
  if (item.kind === 'list') return undefined;
  const target = child(item, 'target');
  if (target === undefined) {
    report.error('COMPOSE_TARGET_MISSING', { path: path.join('.'), what: 'port' }, spot(item, path));
    return undefined;
  }
  const published = child(item, 'published');
  // A number and the same number as text stay two ports: so the reference tells them apart before it types them.
  const publishedKey = published?.kind === 'scalar' ? `${published.type} ${scalarText(published)}` : '';
  const address = textOf(child(item, 'host_ip')) ?? '0.0.0.0';
  const protocol = textOf(child(item, 'protocol')) ?? 'tcp';
  return `${address}:${publishedKey}:${target.kind === 'scalar' ? scalarText(target) : ''}/${protocol}`;
}
