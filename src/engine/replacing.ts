import type { Service } from '#model/project.ts';
import type { ServiceSpec } from '#model/spec.ts';

/**
 * Attributes of a Compose service that a running instance does not see: changing one moves routes, counts or timing,
 * but replaces nothing. `environment` is compared in its final form, `healthcheck` acts from outside.
 */
const liveAttributes: ReadonlySet<string> = new Set([
  'environment',
  'env_file',
  'ports',
  'expose',
  'scale',
  'profiles',
  'depends_on',
  'restart',
  'stop_grace_period',
  'stop_signal',
  'healthcheck',
  'build',
  'pull_policy',
  'develop',
  'attach',
  'secrets',
  'configs',
]);

const liveDeployKeys: ReadonlySet<string> = new Set([
  'replicas',
  'update_config',
  'rollback_config',
  'restart_policy',
  'labels',
]);

/** The parts of a service that only a new instance can take on; equal parts, equal fingerprint. */
export function replacingParts(spec: Omit<ServiceSpec, 'fingerprint'>): unknown {
  return {
    runtime: spec.runtime,
    service: replacingService(spec.service, spec.runtime === 'docker'),
    environment: spec.environment,
    files: spec.files,
    source: spec.source,
    listens: spec.endpoints.map((endpoint) => endpoint.port),
    process: spec.process,
  };
}

/** A container carries its healthcheck, stop settings and labels; a process does not. */
function replacingService(service: Service, container: boolean): Record<string, unknown> {
  const inContainer = new Set(['healthcheck', 'stop_signal', 'stop_grace_period']);
  const kept = Object.entries(service).filter(
    ([key]) =>
      !key.startsWith('x-') &&
      key !== 'labels' &&
      key !== 'deploy' &&
      (!liveAttributes.has(key) || (container && inContainer.has(key))),
  );
  return {
    ...Object.fromEntries(kept),
    ...(service.deploy === undefined ? {} : { deploy: without(service.deploy, liveDeployKeys) }),
    ...(container ? { labels: withoutRouting(service.labels ?? {}) } : {}),
  };
}

function without(value: object, keys: ReadonlySet<string>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(value).filter(([key]) => !keys.has(key)));
}

/** Traefik's labels speak to the proxy, not to the container. */
function withoutRouting(labels: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(Object.entries(labels).filter(([key]) => !key.startsWith('traefik.')));
}
