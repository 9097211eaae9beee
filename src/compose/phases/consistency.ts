import type { Project, Service } from '#model/project.ts';
import type { Path } from '../tree/node.ts';
import type { Report, Spot } from '../tree/report.ts';
import { checkBuild } from './consistency-build.ts';
import { checkLimits } from './consistency-limits.ts';
import { checkHostPorts } from './consistency-ports.ts';
import { checkReferences } from './consistency-references.ts';
import { findCycles } from './dependency-cycles.ts';

/** What a check of one service sees. */
export interface ServiceCheck {
  readonly name: string;
  readonly service: Service;
  readonly project: Project;
  readonly disabled: Readonly<Record<string, Service>>;
  readonly report: Report;
  /** The spot of a path below the service. */
  readonly at: (...path: Path) => Spot;
}

const checks: readonly ((check: ServiceCheck) => void)[] = [
  checkSource,
  checkBuild,
  checkHealthTest,
  checkReferences,
  checkLimits,
  checkContainerName,
  checkWatch,
  checkTargets,
  checkDrives,
];

/** Checks active services against each other and against the resources they use. */
export function checkConsistency(
  project: Project,
  disabled: Readonly<Record<string, Service>>,
  report: Report,
  spotOf: (path: Path) => Spot,
): void {
  for (const [name, service] of Object.entries(project.services)) {
    const at = (...path: Path): Spot => spotOf(['services', name, ...path]);
    for (const check of checks) check({ name, service, project, disabled, report, at });
  }
  checkSecretSources(project, report, spotOf);
  checkHostPorts(project.services, report, spotOf);
  for (const cycle of findCycles(project.services)) {
    const [first = '', second = ''] = cycle;
    report.error('COMPOSE_DEPENDENCY_CYCLE', { services: cycle }, spotOf(['services', first, 'depends_on', second]));
  }
}

/** No two services may claim one container name. */
export function checkContainerNames(services: Project['services'], report: Report, spotOf: (path: Path) => Spot): void {
  const owners = new Map<string, string>();
  for (const [name, service] of Object.entries(services)) {
    const container = service.container_name;
    if (container === undefined) continue;
    const owner = owners.get(container);
    if (owner === undefined) owners.set(container, name);
    else {
      const facts = { name: container, service: name, owner };
      report.error('COMPOSE_CONTAINER_NAME_TAKEN', facts, spotOf(['services', name, 'container_name']));
    }
  }
}

function checkSource({ name, service, report, at }: ServiceCheck): void {
  if (service.build !== undefined || service.image !== undefined || service.provider !== undefined) return;
  report.error('COMPOSE_NO_IMAGE', { service: name }, at());
}

function checkHealthTest({ name, service, report, at }: ServiceCheck): void {
  const first = service.healthcheck?.test?.[0];
  if (first === undefined || ['CMD', 'CMD-SHELL', 'NONE'].includes(first)) return;
  report.error('COMPOSE_HEALTH_TEST', { service: name, found: first }, at('healthcheck', 'test'));
}

function checkContainerName({ name, service, report, at }: ServiceCheck): void {
  const count = service.scale ?? service.deploy?.replicas ?? 1;
  if (service.container_name === undefined || count <= 1) return;
  const attribute = service.scale === undefined ? 'deploy.replicas' : 'scale';
  report.error('COMPOSE_CONTAINER_NAME_SCALE', { service: name, attribute, count }, at('container_name'));
}

function checkWatch({ name, service, report, at }: ServiceCheck): void {
  const develop = service.develop as { watch?: readonly { action: string; target?: string }[] } | undefined;
  develop?.watch?.forEach((watch, index) => {
    if (watch.target !== undefined || watch.action === 'rebuild' || watch.action === 'restart') return;
    report.error('COMPOSE_WATCH_TARGET', { service: name, action: watch.action }, at('develop', 'watch', index));
  });
}

/** Two mounts cannot share one place in the container. */
function checkTargets({ name, service, report, at }: ServiceCheck): void {
  const taken = new Map<string, string>();
  const claim = (target: string, path: Path): void => {
    const before = taken.get(target);
    if (before === undefined) taken.set(target, path.join('.'));
    else report.error('COMPOSE_TARGET_TAKEN', { service: name, target, before }, at(...path));
  };
  service.tmpfs?.forEach((tmpfs, index) => {
    claim(tmpfs.split(':', 1)[0] ?? tmpfs, ['tmpfs', index]);
  });
  service.volumes?.forEach((mount, index) => {
    claim(mount.target, ['volumes', index]);
  });
}

/** `v:/data` looks like a volume named v, but is read as a path on drive V: nobody who runs Linux means that. */
function checkDrives({ service, report, at }: ServiceCheck): void {
  service.volumes?.forEach((mount, index) => {
    if (mount.type !== 'volume' || mount.source !== undefined || !/^[A-Za-z]:[\\/]/.test(mount.target)) return;
    report.warning('COMPOSE_VOLUME_DRIVE', { spec: mount.target }, at('volumes', index));
  });
}

function checkSecretSources(project: Project, report: Report, spotOf: (path: Path) => Spot): void {
  for (const [name, secret] of Object.entries(project.secrets ?? {})) {
    if (secret.external === true || secret.file !== undefined || secret.environment !== undefined) continue;
    report.error(
      'COMPOSE_SOURCE_MISSING',
      { path: `secrets.${name}`, keys: ['file', 'environment'] },
      spotOf(['secrets', name]),
    );
  }
}
