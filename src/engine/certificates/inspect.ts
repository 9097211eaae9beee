import { certificateNames, mayNameWildcards } from '#balancer/certificates.ts';
import { factsOf, fits, joinPair } from '#balancer/pem.ts';
import { reasonOf } from '#core/errors.ts';
import { type Finding, finding } from '#core/finding.ts';
import type { Location } from '#core/location.ts';
import { isWildcard } from '#core/wildcard.ts';
import type { Service } from '#model/project.ts';
import type { Route, Tls } from '#model/route.ts';
import { expiryOf } from '#monitor/certificates/expiry.ts';
import { mayBeOrdered } from '#monitor/certificates/public-name.ts';
import type { ServiceSettings } from '#settings/schema.ts';
import type { ProjectFiles } from '#world/project-files.ts';
import type { Locate } from '#world/runtime.ts';
import { authorityName } from './authority-name.ts';

interface Input {
  readonly name: string;
  readonly service: Service;
  readonly settings: ServiceSettings;
  readonly routes: readonly Route[];
  readonly door: { readonly files: ProjectFiles; now(): number };
  readonly locate: Locate;
}

/** What there is to say about the certificates of a service's routes before anything is deployed. */
export function inspectCertificates(input: Input): readonly Finding[] {
  return input.routes.flatMap((route) => {
    if (route.tls.kind === 'file') return inspectFiles(input, route, route.tls);
    return route.tls.kind === 'acme' ? inspectOrder(input, route, route.tls) : [];
  });
}

type Files = Extract<Tls, { readonly kind: 'file' }>;

function inspectFiles(input: Input, route: Route, { certificate, key }: Files): Finding[] {
  const { door } = input;
  const hosts = certificateNames(route).flat();
  const host = hosts[0] ?? route.name;
  const at = placeOf(
    input,
    (tls) => typeof tls === 'object' && 'certificate' in tls && certificate.endsWith(plain(tls.certificate)),
  );
  let pem: string;
  try {
    pem = joinPair(readPart(door.files, certificate), readPart(door.files, key));
  } catch (error) {
    return [finding('error', 'CERTIFICATE_FILE', { host, file: certificate, reason: reasonOf(error) }, at)];
  }
  const facts = factsOf(pem);
  const names = facts.names.join(', ');
  const expiry = expiryOf(facts, door.now(), 'file');
  return [
    ...hosts
      .filter((one) => !fits(pem, one))
      .map((one) => finding('warning', 'CERTIFICATE_NAME', { host: one, file: certificate, names }, at)),
    ...(expiry === undefined ? [] : [{ severity: 'warning' as const, said: expiry.say(host), at }]),
  ];
}

function inspectOrder(input: Input, route: Route, { authority }: Extract<Tls, { readonly kind: 'acme' }>): Finding[] {
  const hosts = [...new Set(certificateNames(route).flat())];
  const at = placeOf(input, (tls) => typeof tls === 'object' && 'acme' in tls);
  const wildcards = hosts.filter((one) => isWildcard(one) && !mayNameWildcards(authority));
  if (wildcards.length > 0) {
    const facts = { route: route.name, hosts: wildcards.join(', ') };
    return [finding('error', 'ROUTE_ACME_WILDCARD', facts, at)];
  }
  if (hosts.length === 0) return [finding('warning', 'ROUTE_ACME_NO_HOST', { route: route.name }, at)];
  const ordered = hosts.filter((one) => mayBeOrdered(one, authority));
  const facts = { route: route.name, hosts: ordered.join(', '), authority: authorityName(authority) };
  return [
    ...(ordered.length > 0 ? [finding('info', 'ROUTE_ACME', facts, at)] : []),
    ...hosts
      .filter((one) => !mayBeOrdered(one, authority))
      .map((one) => finding('warning', 'ROUTE_ACME_NAME', { route: route.name, host: one }, at)),
  ];
}

function readPart(files: ProjectFiles, path: string): string {
  const text = files.readText(path);
  if (text === undefined) throw new Error(`there is no file ${path}`);
  return text;
}

type TlsSetting = Extract<NonNullable<ServiceSettings['route']>, { readonly tls?: unknown }>['tls'];

/** Where the user wrote it: in `x-timonel.route`, else in the label that names a resolver, else the service. */
function placeOf({ name, service, settings, locate }: Input, isIt: (tls: TlsSetting) => boolean): Location | undefined {
  const routes = settings.route === undefined ? [] : [settings.route].flat();
  const index = routes.findIndex((one) => isIt(one.tls));
  if (index >= 0) {
    const place = Array.isArray(settings.route) ? ['route', index] : ['route'];
    return locate(['services', name, 'x-timonel', ...place, 'tls']);
  }
  const label = Object.keys(service.labels ?? {}).find((key) => key.toLowerCase().endsWith('.tls.certresolver'));
  return locate(label === undefined ? ['services', name] : ['services', name, 'labels', label]);
}

function plain(path: string): string {
  return path.replace(/^(\.\.?\/)+/, '');
}
