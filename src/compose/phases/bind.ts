import { object } from '../bind/structures.ts';
import { project } from '../schema/project.ts';
import { child, type Entry, type Mapping, mapping } from '../tree/node.ts';
import type { Report } from '../tree/report.ts';

const bindProject = object(project);

/** Gives every value its final type and form, and leaves out what says nothing. Services are always there. */
export function bind(root: Mapping, report: Report): Mapping {
  const bound = bindProject(root, [], report);
  if (bound?.kind !== 'mapping') return root;
  if (child(bound, 'services') !== undefined) return bound;
  const entries = new Map<string, Entry>(bound.entries);
  entries.set('services', { key: root.mark, value: mapping([], root.mark) });
  return { ...bound, entries };
}
