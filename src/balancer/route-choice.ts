import type { Match, Route } from '#model/route.ts';
import { conditions } from './conditions.ts';
import { routeMark } from './names.ts';
import { quote } from './quote.ts';

/** Routes in the order in which they are tried, those that follow each other and look at the host only as one piece. */
export type Piece =
  | { readonly kind: 'hosts'; readonly routes: ReadonlyMap<string, Route> }
  | { readonly kind: 'rule'; readonly route: Route };

/** The higher priority first; equal ones by name, so that the order never depends on chance. */
export function inOrder(routes: readonly Route[]): readonly Route[] {
  return routes.toSorted(
    (a, b) => b.priority - a.priority || a.name.localeCompare(b.name) || a.project.localeCompare(b.project),
  );
}

/** One look into a map takes the place of a test for each route, which keeps many services as fast as one. */
export function piecesOf(routes: readonly Route[]): readonly Piece[] {
  const pieces: Piece[] = [];
  let hosts: Map<string, Route> | undefined;
  for (const route of inOrder(routes)) {
    const names = onlyHosts(route.match);
    if (names === undefined) {
      hosts = undefined;
      pieces.push({ kind: 'rule', route });
      continue;
    }
    if (hosts === undefined) {
      hosts = new Map();
      pieces.push({ kind: 'hosts', routes: hosts });
    }
    // The first in the order wins.
    for (const name of names) if (!hosts.has(name)) hosts.set(name, route);
  }
  return pieces;
}

/** The names of a match that is a host or any of several; undefined for every other match. */
function onlyHosts(match: Match): readonly string[] | undefined {
  if (match.kind === 'host') return [match.name];
  if (match.kind !== 'any') return undefined;
  const names = match.of.map(onlyHosts);
  return names.every((one) => one !== undefined) ? names.flat() : undefined;
}

const undecided = '!{ var(txn.route) -m found }';

/** Sets `txn.route` to the mark of the first route that takes the request. `mapFile` names the map of a piece. */
export function chooseRoute(pieces: readonly Piece[], mapFile: (piece: number) => string): string[] {
  return pieces.flatMap((piece, index) =>
    piece.kind === 'hosts'
      ? [
          `  http-request set-var(txn.route) var(txn.host),map_str(${mapFile(index)})${index === 0 ? '' : ` if ${undecided}`}`,
        ]
      : conditions(piece.route.match).map(
          (condition) =>
            `  http-request set-var(txn.route) str(${quote(routeMark(piece.route))}) if ${condition} ${undecided}`,
        ),
  );
}

/** The map file of a piece: a host and the mark of its route on each line. */
export function hostMapText(routes: ReadonlyMap<string, Route>): string {
  return [...routes].map(([host, route]) => `${host} ${routeMark(route)}\n`).join('');
}
