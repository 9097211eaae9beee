import { isWildcard, wildcardFor } from '#core/wildcard.ts';
import type { Match, Route } from '#model/route.ts';
import { conditions, parentHost } from './conditions.ts';
import { routeMark } from './names.ts';
import { quote } from './quote.ts';

/** Routes in the order in which they are tried, those that follow each other and look at the host only as one piece. */
export type Piece =
  /** By name; a name goes before the wildcard that stands for it too. */
  | { readonly kind: 'hosts'; readonly routes: ReadonlyMap<string, Route> }
  | { readonly kind: 'rule'; readonly route: Route };

/**
 * The higher priority first; of equal ones those for a wildcard last, then by name, so that the order never depends on
 * chance.
 */
export function inOrder(routes: readonly Route[]): readonly Route[] {
  return routes.toSorted(
    (a, b) =>
      b.priority - a.priority ||
      Number(hasWildcard(a.match)) - Number(hasWildcard(b.match)) ||
      a.name.localeCompare(b.name) ||
      a.project.localeCompare(b.project),
  );
}

function hasWildcard(match: Match): boolean {
  if (match.kind === 'any' || match.kind === 'all') return match.of.some(hasWildcard);
  return match.kind === 'host' && isWildcard(match.name);
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
    for (const name of names) if (!isTaken(name, hosts)) hosts.set(name, route);
  }
  return pieces;
}

/** A wildcard that goes before a name takes its requests. */
function isTaken(name: string, by: ReadonlyMap<string, Route>): boolean {
  return by.has(name) || by.has(wildcardFor(name) ?? '');
}

/** The names of a match that is a host or any of several; undefined for every other match. */
function onlyHosts(match: Match): readonly string[] | undefined {
  if (match.kind === 'host') return [match.name];
  if (match.kind !== 'any') return undefined;
  const names = match.of.map(onlyHosts);
  return names.every((one) => one !== undefined) ? names.flat() : undefined;
}

const undecided = '!{ var(txn.route) -m found }';

/** Lines of the configuration, and the map files that they read. */
export interface EdgeRendering {
  readonly lines: readonly string[];
  /** By file name below the folder of maps. */
  readonly maps: Readonly<Record<string, string>>;
}

/** Sets `txn.route` to the mark of the first route that takes the request. Maps begin with `name` and lie in `folder`. */
export function chooseRoute(pieces: readonly Piece[], { name, folder }: MapPlace): EdgeRendering {
  const looks = pieces.flatMap((piece, index): readonly (Look | Route)[] =>
    piece.kind === 'hosts' ? looksInto(piece.routes, `${name}-${index}`) : [piece.route],
  );
  const maps = looks.flatMap((look) => ('file' in look ? [[look.file, look.text] as const] : []));
  const lines = looks.flatMap((look, index) => {
    if (!('file' in look)) return conditions(look.match).map((condition) => decide(look, condition));
    const place = `${look.of},map_str(${folder}/${look.file})`;
    return [`  http-request set-var(txn.route) ${place}${index === 0 ? '' : ` if ${undecided}`}`];
  });
  return { lines, maps: Object.fromEntries(maps) };
}

interface MapPlace {
  readonly name: string;
  readonly folder: string;
}

/** A look into a map: what for, and its lines of a host and the mark of its route. */
interface Look {
  readonly of: string;
  readonly file: string;
  readonly text: string;
}

/** Names first; for wildcards a second map of their parents. */
function looksInto(routes: ReadonlyMap<string, Route>, name: string): readonly Look[] {
  const text = (wanted: (host: string) => boolean, cut: number) =>
    [...routes].flatMap(([host, route]) => (wanted(host) ? [`${host.slice(cut)} ${routeMark(route)}\n`] : [])).join('');
  const looks: readonly Look[] = [
    { of: 'var(txn.host)', file: `${name}.map`, text: text((host) => !isWildcard(host), 0) },
    { of: parentHost, file: `${name}-wild.map`, text: text(isWildcard, 2) },
  ];
  return looks.filter((one) => one.text !== '');
}

function decide(route: Route, condition: string): string {
  return `  http-request set-var(txn.route) str(${quote(routeMark(route))}) if ${condition} ${undecided}`;
}
