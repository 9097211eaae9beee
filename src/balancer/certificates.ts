import type { Authority } from '#model/certificate.ts';
import type { RouteTable, Tls } from '#model/route.ts';
import { hostsOf } from './edge-section.ts';

/** A certificate that the table's HTTPS routes need. */
export interface WantedCertificate {
  /** Host names that it must be valid for; none for the one that unknown hosts get. */
  readonly hosts: readonly string[];
  readonly tls: Exclude<Tls, { readonly kind: 'none' }>;
}

/**
 * The certificates for all HTTPS routes, the default first. Each host has one of its own, so that trouble with one name
 * touches no other; of several routes the one with files of its own decides.
 */
export function wantedCertificates({ routes }: Pick<RouteTable, 'routes'>): readonly WantedCertificate[] {
  const byHost = new Map<string, WantedCertificate>();
  let secure = false;
  for (const route of routes) {
    const tls = settled(route.tls);
    if (tls.kind === 'none' || !route.entries.includes('https')) continue;
    secure = true;
    for (const host of hostsOf(route.match)) {
      if (rank(tls) > rank(byHost.get(host)?.tls)) byHost.set(host, { hosts: [host], tls });
    }
  }
  const named = [...byHost.values()].toSorted((a, b) => ((a.hosts[0] ?? '') < (b.hosts[0] ?? '') ? -1 : 1));
  return secure ? [{ hosts: [], tls: { kind: 'self-signed' } }, ...named] : [];
}

/** Routes that were recorded before authorities were known name none; they had a self-signed certificate. */
function settled(tls: Tls): Tls {
  return tls.kind === 'acme' && (tls.authority as Authority | undefined) === undefined ? { kind: 'self-signed' } : tls;
}

function rank(tls: Tls | undefined): number {
  return tls === undefined ? 0 : { none: 0, 'self-signed': 1, acme: 2, file: 3 }[tls.kind];
}
