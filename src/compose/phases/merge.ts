import type { Entry, Mapping, Node, Path } from '../tree/node.ts';
import { isNull } from '../tree/node.ts';
import { PathTable } from '../tree/path-table.ts';
import type { Report } from '../tree/report.ts';
import { spot } from '../tree/report.ts';
import {
  addHosts,
  asSequence,
  mergeBuild,
  mergeByName,
  mergeDependencies,
  mergeIpam,
  mergeLogging,
  replace,
} from './merge-rules.ts';

/** Merges two values at a path of the table; `deep` goes on with the general rules inside. */
export type MergeRule = (base: Node, over: Node, deep: MergeMappings) => Node;
export type MergeMappings = (base: Mapping, over: Mapping) => Node;

/** Fields that do not follow the general rules (Compose Specification, chapter "Merge", and the reference loader). */
const rules = PathTable.of<MergeRule>({
  'networks.*.ipam.config': mergeIpam,
  'networks.*.labels': asSequence,
  'volumes.*.labels': asSequence,
  'services.*.annotations': asSequence,
  'services.*.build': mergeBuild,
  'services.*.build.args': asSequence,
  'services.*.build.additional_contexts': asSequence,
  'services.*.build.extra_hosts': addHosts,
  'services.*.build.labels': asSequence,
  'services.*.command': replace,
  'services.*.depends_on': mergeDependencies,
  'services.*.deploy.labels': asSequence,
  'services.*.dns': asSequence,
  'services.*.dns_opt': asSequence,
  'services.*.dns_search': asSequence,
  'services.*.entrypoint': replace,
  'services.*.env_file': asSequence,
  'services.*.label_file': asSequence,
  'services.*.environment': asSequence,
  'services.*.extra_hosts': addHosts,
  'services.*.healthcheck.test': replace,
  'services.*.labels': asSequence,
  'services.*.logging': mergeLogging,
  'services.*.models': mergeByName,
  'services.*.networks': mergeByName,
  'services.*.sysctls': asSequence,
  'services.*.tmpfs': asSequence,
  'services.*.ulimits.*': replace,
});

/**
 * Merges a later document over an earlier one: mappings key by key, lists appended, scalars replaced, null keeps what
 * was there, and the table of special fields.
 *
 * @param path where both stand in the model
 */
export function merge(base: Node, over: Node, report: Report, path: Path = []): Node {
  let table: PathTable<MergeRule> | undefined = rules;
  for (const step of path) table = table?.below(String(step));
  return mergeAt(base, over, report, path, table);
}

function mergeAt(base: Node, over: Node, report: Report, path: Path, table: PathTable<MergeRule> | undefined): Node {
  const deep: MergeMappings = (one, other) => mergeMappings(one, other, report, path, table);
  if (table?.rule !== undefined) return table.rule(base, over, deep);
  if (isNull(over)) return base;
  if (base.kind === 'scalar') return over;
  if (base.kind === 'mapping' && over.kind === 'mapping') return deep(base, over);
  if (base.kind === 'list' && over.kind === 'list') return { ...over, items: [...base.items, ...over.items] };
  const facts = { path: path.join('.'), base: base.kind, over: over.kind };
  report.error('COMPOSE_MERGE_KINDS', facts, spot(over, path));
  return base;
}

function mergeMappings(
  base: Mapping,
  over: Mapping,
  report: Report,
  path: Path,
  table: PathTable<MergeRule> | undefined,
): Mapping {
  const entries = new Map<string, Entry>(base.entries);
  for (const [key, entry] of over.entries) {
    const before = base.entries.get(key);
    if (before === undefined) {
      entries.set(key, entry);
      continue;
    }
    const value = mergeAt(before.value, entry.value, report, [...path, key], table?.below(key));
    entries.set(key, { key: value === before.value ? before.key : entry.key, value });
  }
  return { kind: 'mapping', entries, mark: over.mark };
}
