import { isTrustedWildcard, wildcardFor } from '#core/wildcard.ts';
import type { Authority } from '#model/certificate.ts';
import type { Match, Route, RouteTable, Tls } from '#model/route.ts';

type Source = Exclude<Tls, { readonly kind: 'none' }>;

/** A certificate that the table's HTTPS routes need. */
export interface WantedCertificate {
  /**
   * Names that it must be valid for and is presented to, the main one first. None for the one that unknown hosts get,
   * and for a file whose route names no host: that is presented to the names it is for.
   */
  readonly hosts: readonly string[];
  readonly tls: Source;
  /** Projects that ask for it. */
  readonly projects: readonly string[];
  /** The wildcard whose certificate serves its host too: this one is not ordered, and presented only until that is there. */
  readonly servedBy?: string;
}

/**
 * The certificates for all HTTPS routes, the default first. Each host has one of its own, so that trouble with one name
 * touches no other, unless a route asks for several names in one, or a wildcard of the same project stands for it. Each
 * name is in one certificate: of several routes the one with files of its own decides.
 */
export function wantedCertificates({ routes }: Pick<RouteTable, 'routes'>): readonly WantedCertificate[] {
  const secure = routes.filter((route) => route.tls.kind !== 'none' && route.entries.includes('https'));
  const asked = secure.flatMap(askedBy).toSorted(byWeight);
  const claims = claimsOf(asked);
  const owners = new Set([...claims.values()].map((claim) => claim.owner));
  const wanted = [...owners].flatMap((one) => certificatesFor(one, claims));
  const named = wanted.toSorted((a, b) => compare(a.hosts[0] ?? '', b.hosts[0] ?? ''));
  const other: WantedCertificate = { hosts: [], tls: { kind: 'self-signed' }, projects: [] };
  return secure.length > 0 ? [other, ...nameless(asked), ...named] : [];
}

/** The names that a route's certificates are for: one list for each certificate. */
export function certificateNames({ match, tls }: Pick<Route, 'match' | 'tls'>): readonly (readonly string[])[] {
  const domains = 'domains' in tls ? tls.domains : undefined;
  return domains ?? unique(hostsOf(match)).map((host) => [host]);
}

/** The host names that a match asks for, without those that it excludes. */
function hostsOf(match: Match): readonly string[] {
  switch (match.kind) {
    case 'host':
      return [match.name];
    case 'all':
    case 'any':
      return match.of.flatMap(hostsOf);
    default:
      return [];
  }
}

/** One certificate as one route asks for it. */
interface Asked {
  readonly names: readonly string[];
  readonly tls: Source;
  readonly project: string;
}

function askedBy(route: Route): readonly Asked[] {
  const tls = settled(route.tls);
  if (tls === undefined) return [];
  const names = certificateNames(route);
  const { project } = route;
  if (names.length === 0 && tls.kind === 'file') return [{ names: [], tls, project }];
  return names.map((one) => ({ names: unique(one), tls, project }));
}

/** Routes that were recorded before authorities were known name none; they had a self-signed certificate. */
function settled(tls: Tls): Source | undefined {
  if (tls.kind === 'none') return undefined;
  return tls.kind === 'acme' && (tls.authority as Authority | undefined) === undefined ? { kind: 'self-signed' } : tls;
}

/** Who has a name when several ask for it, whatever the order of the routes. */
function byWeight(a: Asked, b: Asked): number {
  return rank(b.tls) - rank(a.tls) || b.names.length - a.names.length || compare(textOf(a), textOf(b));
}

function textOf({ names, tls }: Asked): string {
  return `${names.join()} ${tls.kind === 'acme' ? tls.authority.directory : fileOf({ tls })}`;
}

function compare(a: string, b: string): number {
  return a < b ? -1 : Number(a > b);
}

/** By name: whose certificate it is in, and the projects that ask for it. */
type Claims = ReadonlyMap<string, { readonly owner: Asked; readonly projects: Set<string> }>;

function claimsOf(asked: readonly Asked[]): Claims {
  const claims = new Map<string, { readonly owner: Asked; readonly projects: Set<string> }>();
  for (const one of asked) {
    for (const name of one.names) {
      const claim = claims.get(name) ?? { owner: one, projects: new Set<string>() };
      claim.projects.add(one.project);
      claims.set(name, claim);
    }
  }
  return claims;
}

/** One for all its names, and one for each that a wildcard serves. */
function certificatesFor(one: Asked, claims: Claims): readonly WantedCertificate[] {
  const own = one.names.filter((name) => claims.get(name)?.owner === one);
  const hosts = own.filter((name) => !isCovered(name, claims));
  const of = (names: readonly string[]) => ({
    ...{ hosts: names, tls: one.tls },
    projects: unique(names.flatMap((name) => [...(claims.get(name)?.projects ?? [])])).toSorted(),
  });
  return [
    ...(hosts.length > 0 ? [of(hosts)] : []),
    ...own
      .filter((name) => isCovered(name, claims))
      .map((name) => ({ ...of([name]), servedBy: wildcardFor(name) ?? '' })),
  ];
}

function rank({ kind }: Source): number {
  return { 'self-signed': 1, acme: 2, file: 3 }[kind];
}

/** A wildcard's certificate serves a host when it comes from where the host's own would, or better, and stays as long. */
function isCovered(name: string, claims: Claims): boolean {
  const wildcard = wildcardFor(name) ?? '';
  const [own, other] = [claims.get(name), claims.get(wildcard)];
  if (own === undefined || other === undefined || !isTrustedWildcard(wildcard)) return false;
  const [tls, better] = [own.owner.tls, other.owner.tls];
  if (tls.kind === 'file' || rank(better) < rank(tls)) return false;
  if ([...own.projects].some((project) => !other.projects.has(project))) return false;
  return better.kind !== 'acme' || (mayNameWildcards(better.authority) && isSameSource(tls, better));
}

/** Authorities ask for a wildcard by DNS only (https://letsencrypt.org/docs/challenge-types/). */
export function mayNameWildcards({ challenge }: Pick<Authority, 'challenge'>): boolean {
  return challenge.kind === 'dns-01';
}

function isSameSource(own: Source, { authority }: Extract<Source, { readonly kind: 'acme' }>): boolean {
  return own.kind !== 'acme' || own.authority.directory === authority.directory;
}

/** Files of routes that name no host, each once. */
function nameless(asked: readonly Asked[]): readonly WantedCertificate[] {
  const byFile = new Map<string, WantedCertificate>();
  for (const { names, tls, project } of asked) {
    if (names.length > 0 || tls.kind !== 'file') continue;
    const before = byFile.get(tls.certificate);
    byFile.set(tls.certificate, {
      hosts: [],
      tls,
      projects: unique([...(before?.projects ?? []), project]).toSorted(),
    });
  }
  return [...byFile.values()].toSorted((a, b) => compare(fileOf(a), fileOf(b)));
}

function fileOf({ tls }: Pick<WantedCertificate, 'tls'>): string {
  return tls.kind === 'file' ? tls.certificate : '';
}

function unique(names: readonly string[]): readonly string[] {
  return [...new Set(names)];
}
