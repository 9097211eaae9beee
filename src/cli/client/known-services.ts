import { hasErrors, sortFindings } from '#core/finding.ts';
import { wordedFinding } from '#daemon/worded.ts';
import type { Service } from '#model/project.ts';
import type { KnownService } from '#nginx/known-services.ts';
import type { Context } from '../command.ts';
import { InvalidFile } from '../render/failure.ts';
import { loadHere } from '../wire.ts';
import { projectRequest } from './project-request.ts';

/** The services of the Compose file that `-f` names; none without it. */
export async function knownServices(context: Context): Promise<readonly KnownService[]> {
  const request = projectRequest(context, undefined);
  if (request.files === undefined) return [];
  const loaded = await loadHere(request);
  if (loaded.project === undefined || hasErrors(loaded.findings)) {
    const findings = sortFindings(loaded.findings).map((one) => wordedFinding(one, context.language));
    throw new InvalidFile(findings, request.cwd);
  }
  return Object.entries(loaded.project.services).map(([name, service]) => knownService(name, service));
}

function knownService(name: string, service: Service): KnownService {
  const published = (service.ports ?? []).flatMap(({ published: host, target }) =>
    /^\d+$/.test(host ?? '') ? [{ host: Number(host), inside: target }] : [],
  );
  const exposed = (service.expose ?? []).map((one) => Number.parseInt(one, 10)).filter(Number.isInteger);
  const networks = Object.values(service.networks ?? {});
  const aliases = [service.container_name, service.hostname, ...networks.flatMap((one) => one?.aliases ?? [])];
  const mounts = (service.volumes ?? []).flatMap(({ type, source, target }) =>
    type === 'bind' && source !== undefined ? [{ from: source, to: target }] : [],
  );
  return {
    ...{ name, published, mounts, isNginx: isNginx(service) },
    aliases: aliases.filter((one) => one !== undefined),
    ports: [...new Set([...exposed, ...published.map((one) => one.inside)])],
  };
}

function isNginx({ image }: Service): boolean {
  return /(^|\/)(nginx|nginx-unprivileged|openresty)(:|@|$)/.test(image ?? '');
}
