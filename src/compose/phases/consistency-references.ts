import { suggestion } from '../suggest.ts';
import type { Path } from '../tree/node.ts';
import type { ServiceCheck } from './consistency.ts';

type Kind = 'network' | 'volume' | 'secret' | 'config' | 'model';

/** Whatever a service names must exist. */
export function checkReferences(check: ServiceCheck): void {
  const { service } = check;
  checkNetworks(check);
  checkDependencies(check);
  checkNetworkMode(check);
  service.volumes?.forEach((mount, index) => {
    if (mount.type === 'volume' && mount.source !== undefined)
      mustExist(check, 'volume', mount.source, ['volumes', index]);
  });
  service.build?.secrets?.forEach((grant, index) => {
    mustExist(check, 'secret', grant.source, ['build', 'secrets', index]);
  });
  service.configs?.forEach((grant, index) => {
    mustExist(check, 'config', grant.source, ['configs', index]);
  });
  for (const name of Object.keys(service.models ?? {})) mustExist(check, 'model', name, ['models', name]);
  service.secrets?.forEach((grant, index) => {
    mustExist(check, 'secret', grant.source, ['secrets', index]);
  });
}

function checkNetworks(check: ServiceCheck): void {
  const { service, name, report, at } = check;
  const networks = Object.keys(service.networks ?? {});
  if (service.network_mode !== undefined && networks.length > 0) {
    report.error('COMPOSE_NETWORK_MODE_AND_NETWORKS', { service: name }, at('network_mode'));
  }
  for (const network of networks) mustExist(check, 'network', network, ['networks', network]);
}

function checkDependencies({ service, name, project, disabled, report, at }: ServiceCheck): void {
  for (const [other, dependency] of Object.entries(service.depends_on ?? {})) {
    if (Object.hasOwn(project.services, other)) continue;
    const isDisabled = Object.hasOwn(disabled, other);
    if (isDisabled && dependency.required === false) continue;
    // One cause, one finding: the check of network_mode says it better.
    if (!isDisabled && service.network_mode === `service:${other}`) continue;
    const facts = {
      service: name,
      other,
      profiles: isDisabled ? (disabled[other]?.profiles ?? []) : undefined,
      nearest: isDisabled ? undefined : suggestion(other, otherServices(project, name)),
    };
    report.error('COMPOSE_DEPENDENCY_UNKNOWN', facts, at('depends_on', other));
  }
}

function otherServices(project: ServiceCheck['project'], name: string): string[] {
  return Object.keys(project.services).filter((candidate) => candidate !== name);
}

function checkNetworkMode({ service, name, project, disabled, report, at }: ServiceCheck): void {
  const other = service.network_mode?.startsWith('service:') === true ? service.network_mode.slice(8) : undefined;
  if (other === undefined || Object.hasOwn(project.services, other)) return;
  if (Object.hasOwn(disabled, other) && service.depends_on?.[other] !== undefined) return;
  report.error('COMPOSE_NETWORK_MODE_UNKNOWN', { service: name, other }, at('network_mode'));
}

/** @param reference undefined when the name was left empty */
function mustExist(check: ServiceCheck, kind: Kind, reference = '', path: Path = []): void {
  const { name, project, report, at } = check;
  const declared = project[`${kind}s`] ?? {};
  if (Object.hasOwn(declared, reference)) return;
  const facts = { service: name, kind, name: reference, nearest: suggestion(reference, Object.keys(declared)) };
  report.error('COMPOSE_UNDEFINED', facts, at(...path));
}
