import { child, isNull, type Mapping, type Path, textOf } from '../tree/node.ts';
import { PathTable } from '../tree/path-table.ts';
import { type Report, spot } from '../tree/report.ts';
import { type Rewrite, rewrite } from '../tree/rewrite.ts';
import { isAddress } from '../values/address.ts';

/** Rules about one value, whatever else the model holds. They change nothing. */
const rules = PathTable.of<Rewrite<Report>>({
  'volumes.*': rule(externalStandsAlone),
  'configs.*': rule(fileObject(['file', 'environment', 'content'])),
  'secrets.*': rule(fileObject(['file', 'environment'])),
  'services.*.ports.*': rule(hostAddress),
  'services.*.volumes.*': rule(bindSource),
  'services.*.develop.watch.*': rule(watchedPath),
  'services.*.deploy.resources.reservations.devices.*': rule(countOrIds),
  'services.*.gpus.*': rule(countOrIds),
});

/** Checks the rules; findings go to the report. */
export function checkRules(root: Mapping, report: Report): void {
  rewrite(root, rules, report);
}

type Check = (node: Mapping, path: Path, report: Report) => void;

function rule(check: Check): Rewrite<Report> {
  return (node, path, report) => {
    if (node.kind === 'mapping') check(node, path, report);
    return node;
  };
}

function externalStandsAlone(node: Mapping, path: Path, report: Report): void {
  const external = node.entries.get('external')?.value;
  if (external?.kind !== 'scalar' || external.value !== true) return;
  for (const [key, entry] of node.entries) {
    if (key === 'name' || key === 'external' || key.startsWith('x-')) continue;
    report.error('COMPOSE_EXTERNAL_CONFLICT', { path: path.join('.'), key }, { mark: entry.key, path: [...path, key] });
  }
}

function fileObject(keys: readonly string[]): Check {
  return (node, path, report) => {
    const given = keys.filter((key) => node.entries.has(key));
    const facts = { path: path.join('.'), keys };
    if (given.length > 1) report.error('COMPOSE_SOURCES_EXCLUDE', { ...facts, keys: given }, spot(node, path));
    if (given.length === 0 && !node.entries.has('driver') && !node.entries.has('external')) {
      report.error('COMPOSE_SOURCE_MISSING', facts, spot(node, path));
    }
  };
}

function hostAddress(node: Mapping, path: Path, report: Report): void {
  const entry = node.entries.get('host_ip');
  const address = textOf(entry?.value);
  if (entry === undefined || address === undefined || isAddress(address)) return;
  report.error('COMPOSE_ADDRESS', { path: path.join('.'), address }, spot(entry.value, [...path, 'host_ip']));
}

function bindSource(node: Mapping, path: Path, report: Report): void {
  if (textOf(child(node, 'type')) !== 'bind' || child(node, 'source') !== undefined) return;
  report.error('COMPOSE_BIND_SOURCE', { path: path.join('.') }, spot(node, path));
}

function watchedPath(node: Mapping, path: Path, report: Report): void {
  const watched = node.entries.get('path')?.value;
  if (watched === undefined || (textOf(watched) !== '' && !isNull(watched))) return;
  report.error('COMPOSE_EMPTY_VALUE', { path: [...path, 'path'].join('.') }, spot(watched, [...path, 'path']));
}

function countOrIds(node: Mapping, path: Path, report: Report): void {
  if (!node.entries.has('count') || !node.entries.has('device_ids')) return;
  report.error('COMPOSE_COUNT_OR_IDS', { path: path.join('.') }, spot(node, path));
}
