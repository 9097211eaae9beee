import { z } from 'zod';
import { type Finding, finding } from '#core/finding.ts';
import { demandInSpanish } from '#core/messages/demands.ts';
import { nearest } from '#core/nearest.ts';
import type { Project } from '#model/project.ts';
import type { Locate } from '#world/runtime.ts';
import { type ProjectSettings, projectSettings, type ServiceSettings, serviceSettings } from './schema.ts';

export interface Settings {
  readonly project: ProjectSettings;
  readonly services: Readonly<Record<string, ServiceSettings>>;
  readonly findings: readonly Finding[];
}

/**
 * Reads `x-timonel` of the project and of each service.
 *
 * @param locate finds the place of a path in the user's files, for the findings
 * @returns settings with nothing defaulted yet; a section with an error is as if it were absent
 */
export function readSettings(project: Project, locate: Locate): Settings {
  const findings: Finding[] = [];
  const read = <T>(schema: z.ZodType<T>, value: unknown, path: readonly string[], none: T): T => {
    if (value === undefined || value === null) return none;
    const result = schema.safeParse(value, { reportInput: true });
    if (result.success) return result.data;
    findings.push(...result.error.issues.flatMap((issue) => describeIssue({ issue, path, schema, locate })));
    return none;
  };
  const services = Object.entries(project.services).map(([name, service]) => [
    name,
    read(serviceSettings, service['x-timonel'], ['services', name, 'x-timonel'], {}),
  ]);
  return {
    project: read(projectSettings, project['x-timonel'], ['x-timonel'], {}),
    services: Object.fromEntries(services) as Record<string, ServiceSettings>,
    findings,
  };
}

type Issue = z.core.$ZodIssue;

interface IssueAt {
  readonly issue: Issue;
  readonly path: readonly string[];
  readonly schema: z.ZodType;
  readonly locate: Locate;
}

function describeIssue({ issue, path, schema, locate }: IssueAt): Finding[] {
  const full = [...path, ...issue.path.map((key) => (typeof key === 'number' ? key : String(key)))];
  const dotted = full.join('.');
  if (issue.code === 'unrecognized_keys') {
    return issue.keys.map((key) =>
      finding(
        'error',
        'SETTINGS_UNKNOWN_KEY',
        { path: dotted, key, nearest: nearest(key, keysAt(schema, issue.path.map(String))) },
        locate([...full, key]),
      ),
    );
  }
  const inner = issue.code === 'invalid_union' ? bestBranch(issue.errors) : undefined;
  if (inner !== undefined) {
    return inner.flatMap((one) =>
      describeIssue({ issue: { ...one, path: [...issue.path, ...one.path] }, path, schema, locate }),
    );
  }
  const facts = { path: dotted, demand: issue.message, demandEs: inSpanish(issue) };
  return [finding('error', 'SETTINGS_VALUE', facts, locate(full))];
}

/** Our own sentences are in the catalogue, the library has its own in both languages. */
function inSpanish(issue: Issue): string | undefined {
  const said = spanish(issue as Parameters<typeof spanish>[0]);
  return demandInSpanish(issue.message) ?? (typeof said === 'object' ? said?.message : said) ?? undefined;
}

const spanish = z.locales.es().localeError;

/**
 * Of a union's alternatives, the one that the value came nearest to: the one whose complaint lies deepest, and of these
 * the one that complains least. What names another `kind` is none.
 */
function bestBranch(branches: readonly (readonly Issue[])[]): readonly Issue[] | undefined {
  const depth = (issues: readonly Issue[]) =>
    Math.max(0, ...issues.map((one) => one.path.length + (one.code === 'unrecognized_keys' ? 1 : 0)));
  const [best] = branches
    .filter((issues) => !issues.some(isOtherKind))
    .toSorted((a, b) => depth(b) - depth(a) || a.length - b.length);
  if (best !== undefined && depth(best) > 0) return best;
  // Our own sentence says what form is wanted; the library's would say only that none fits.
  return branches.find((issues) => issues.some((one) => one.code === 'custom'));
}

function isOtherKind({ code, path }: Issue): boolean {
  return code === 'invalid_value' && path.length === 1 && path[0] === 'kind';
}

/** Every key that the schema knows at `path`, over all alternatives. */
function keysAt(schema: unknown, path: readonly string[]): string[] {
  const [head, ...rest] = path;
  return objectsOf(schema).flatMap((shape) =>
    head === undefined ? Object.keys(shape) : head in shape ? keysAt(shape[head], rest) : [],
  );
}

/** The object shapes inside optional, union, array and refined schemas. */
function objectsOf(schema: unknown): Record<string, unknown>[] {
  const definition = (schema as { def?: Record<string, unknown> }).def;
  if (definition === undefined) return [];
  if (definition.type === 'object') return [definition.shape as Record<string, unknown>];
  const inner = [definition.innerType, definition.element, definition.in, ...((definition.options as unknown[]) ?? [])];
  return inner.filter((one) => one !== undefined).flatMap(objectsOf);
}
