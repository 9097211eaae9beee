import { type Finding, finding } from '#core/finding.ts';
import type { Match, Route } from '#model/route.ts';
import type { Locate } from '#world/runtime.ts';
import { ruleText } from './rule-text.ts';

/** Two routes that ask for the same requests at the same entry: one of them would never get any. */
export interface Conflict {
  readonly route: Route;
  readonly rival: Route;
  /** What both ask for. */
  readonly rule: string;
}

/**
 * Routes that want what another project's route has already.
 *
 * @param wanted the routes of the project that is to be deployed
 * @param others all routes that the proxy carries; those of the same project do not count
 */
export function takenRoutes(wanted: readonly Route[], others: readonly Route[]): readonly Conflict[] {
  return wanted.flatMap((route) => {
    const rivals = others.filter((one) => one.project !== route.project);
    return firstConflict(route, rivals);
  });
}

/** Routes that another project has already, and routes of the project itself that get in each other's way. */
export function inspectConflicts({ wanted, carried, locate }: Inspected): Finding[] {
  const taken = takenRoutes(wanted, carried).map(({ route, rival, rule }) => {
    const owner = `${rival.project}/${rival.service} (${rival.name})`;
    return finding('error', 'ROUTE_TAKEN', { route: route.name, rule, owner }, placeOf(route, locate));
  });
  const twice = wanted.flatMap((route, index) =>
    firstConflict(route, wanted.slice(0, index)).map(({ rival, rule }) => {
      const facts = { route: route.name, rule, other: `${rival.service} (${rival.name})` };
      return finding(isOrdered(route, rival) ? 'warning' : 'error', 'ROUTE_TWICE', facts, placeOf(route, locate));
    }),
  );
  return [...taken, ...twice];
}

interface Inspected {
  /** All routes of the project. */
  readonly wanted: readonly Route[];
  readonly carried: readonly Route[];
  readonly locate: Locate;
}

function placeOf({ service }: Route, locate: Locate): ReturnType<Locate> {
  return locate(['services', service]);
}

/** The user has said which of them goes first, or it makes no difference. */
function isOrdered(one: Route, other: Route): boolean {
  return one.priority !== other.priority || (one.service === other.service && one.port === other.port);
}

function firstConflict(route: Route, rivals: readonly Route[]): Conflict[] {
  const asked = new Set(alternativesOf(route.match));
  for (const rival of rivals) {
    if (!rival.entries.some((entry) => route.entries.includes(entry))) continue;
    const rule = alternativesOf(rival.match).find((one) => asked.has(one));
    if (rule !== undefined) return [{ route, rival, rule }];
  }
  return [];
}

/** The rule as a list of `&&` terms, each written one way: the order of conditions does not change what it takes. */
function alternativesOf(match: Match): readonly string[] {
  return termsOf(match).map((term) => [...new Set(term)].toSorted().join(' && '));
}

function termsOf(match: Match): readonly (readonly string[])[] {
  if (match.kind === 'any') return match.of.flatMap(termsOf);
  if (match.kind !== 'all') return [[ruleText(match)]];
  return match.of
    .map(termsOf)
    .reduce<readonly (readonly string[])[]>(
      (before, terms) => before.flatMap((one) => terms.map((term) => [...one, ...term])),
      [[]],
    );
}
