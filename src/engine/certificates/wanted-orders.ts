import { certificateNames, wantedCertificates } from '#balancer/certificates.ts';
import { fingerprint } from '#core/hash.ts';
import type { Route } from '#model/route.ts';
import type { ProjectTraffic } from '#model/traffic.ts';
import { mayBeOrdered } from '#monitor/certificates/public-name.ts';
import type { CertificateOrder } from '#world/authorities.ts';

type Projects = Readonly<Record<string, ProjectTraffic>>;

/** The routes of all projects. */
export function routesOf(projects: Projects): readonly Route[] {
  return Object.values(projects).flatMap((services) =>
    Object.values(services).flatMap((service) => service.exposure.routes),
  );
}

/** The services of a project whose routes ask for a certificate with one of the names. */
export function servicesAt(names: readonly string[], services: ProjectTraffic): readonly string[] {
  return Object.keys(services).filter((service) =>
    services[service]?.exposure.routes.some((route) =>
      certificateNames(route)
        .flat()
        .some((name) => names.includes(name)),
    ),
  );
}

/** The certificates that must come from an authority, whatever the number of their routes. */
export function wantedOrders(projects: Projects): readonly CertificateOrder[] {
  return wantedCertificates({ routes: routesOf(projects) }).flatMap(({ hosts, tls, servedBy }) => {
    const [host] = hosts;
    if (tls.kind !== 'acme' || host === undefined || servedBy !== undefined) return [];
    const names = hosts.filter((name) => mayBeOrdered(name, tls.authority));
    return names.length > 0 ? [{ host, names, authority: tls.authority }] : [];
  });
}

/** What an order is known by: another authority is another order. */
export function orderKey({ host, authority }: Pick<CertificateOrder, 'host' | 'authority'>): string {
  return `${host} ${fingerprint(authority.directory)}`;
}
