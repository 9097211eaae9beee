import { type Finding, finding } from '#core/finding.ts';
import type { Match, Route } from '#model/route.ts';
import { ruleText } from './rule-text.ts';

/**
 * Routes that want exactly the requests that another project's route has already: one of the two would never get any.
 *
 * @param wanted the routes of the project that is to be deployed
 * @param others all routes that the proxy carries; those of the same project do not count
 */
export function findTakenRoutes(wanted: readonly Route[], others: readonly Route[]): Finding[] {
  return wanted.flatMap((route) => {
    const rule = normalText(route.match);
    const rival = others.find(
      (one) =>
        one.project !== route.project &&
        one.entries.some((entry) => route.entries.includes(entry)) &&
        normalText(one.match) === rule,
    );
    if (rival === undefined) return [];
    const owner = `${rival.project}/${rival.service} (${rival.name})`;
    return [finding('error', 'ROUTE_TAKEN', { route: route.name, rule: ruleText(route.match), owner })];
  });
}

/** The order in which a rule names its conditions does not change what it takes. */
function normalText(match: Match): string {
  if (match.kind === 'not') return `!(${normalText(match.of)})`;
  if (match.kind !== 'all' && match.kind !== 'any') return ruleText(match);
  const parts = [...new Set(match.of.map(normalText))].sort();
  return parts.length === 1 ? (parts[0] ?? '') : `(${parts.join(match.kind === 'all' ? ' && ' : ' || ')})`;
}
