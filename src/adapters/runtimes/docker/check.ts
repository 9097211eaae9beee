import { type Finding, finding } from '#core/finding.ts';
import type { ServiceSpec } from '#model/spec.ts';
import type { Locate } from '#world/runtime.ts';
import { conditions } from './conditions.ts';
import { honoured } from './honoured.ts';

type Path = readonly (string | number)[];

/**
 * What of a service the docker runtime cannot honour, each with its place: an error, or a warning for attributes that
 * are harmless to leave out.
 *
 * @param api the engine's API version; an engine that was not asked yet counts as the oldest we support
 */
export function checkService(spec: ServiceSpec, locate: Locate, api = '1.41'): readonly Finding[] {
  const base: Path = ['services', spec.name];
  const attributes = Object.entries(spec.service).flatMap(([key, value]) => visit([key], value));
  const standing = attributes.flatMap(({ path, verdict }): Finding[] => {
    const at = locate([...base, ...path]);
    const facts = { service: spec.name, attribute: path.join('.') };
    if (verdict === 'impossible') return [finding('error', 'DOCKER_IMPOSSIBLE', facts, at)];
    return [finding('warning', 'DOCKER_HARMLESS', facts, at)];
  });
  const conditional = conditions.flatMap((condition) =>
    condition({ spec, api, at: (path) => locate([...base, ...path]) }),
  );
  return [...standing, ...conditional];
}

interface Visited {
  readonly path: Path;
  readonly verdict: 'harmless' | 'impossible';
}

/** Walks an attribute as far as the table does. What the table does not know cannot be honoured. */
function visit(path: Path, value: unknown): readonly Visited[] {
  if (isEmpty(value) || String(path.at(-1)).startsWith('x-')) return [];
  const treatment = treatmentOf(path);
  if (treatment === 'harmless') return [{ path, verdict: 'harmless' }];
  if (treatment === undefined || treatment === 'impossible') return [{ path, verdict: 'impossible' }];
  if (treatment !== 'parts') return [];
  const members = Array.isArray(value) ? [...value.entries()] : Object.entries(value as object);
  return members.flatMap(([key, member]) => visit([...path, key], member));
}

function treatmentOf(path: Path) {
  const exact = path.join('.');
  if (exact in honoured) return honoured[exact];
  const [first, , ...rest] = path;
  return honoured[[first, '*', ...rest].join('.')];
}

/** `null`, `false`, an empty list or map: written, but asking for nothing. */
function isEmpty(value: unknown): boolean {
  if (value === undefined || value === null || value === false || value === '') return true;
  return typeof value === 'object' && Object.keys(value).length === 0;
}
