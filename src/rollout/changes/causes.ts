import type { Cause } from '#model/change.ts';
import type { Service } from '#model/project.ts';
import type { GrantedFile, ServiceSpec } from '#model/spec.ts';
import { differences } from './diff.ts';
import { hidden, shown } from './redact.ts';

/** Attributes of the Compose service that the resolved spec says better elsewhere. */
const resolvedElsewhere: ReadonlySet<string> = new Set([
  'environment',
  'env_file',
  'depends_on',
  'healthcheck',
  'restart',
  'scale',
  'stop_grace_period',
  'stop_signal',
  'secrets',
  'configs',
]);

/** Which keys make `to` another service than `from`, secrets hidden. Empty when nothing that counts differs. */
export function causesOf(from: ServiceSpec, to: ServiceSpec): readonly Cause[] {
  return differences(comparable(from), comparable(to)).map(({ path, from: before, to: after }) => ({
    path: path.join('.'),
    from: fileContent(path) ? hidden : shown(path, before),
    to: fileContent(path) ? hidden : shown(path, after),
  }));
}

function comparable(spec: ServiceSpec): Record<string, unknown> {
  const {
    fingerprint: _print,
    name: _name,
    strategyReason: _reason,
    service,
    files,
    endpoints,
    routes,
    ...rest
  } = spec;
  return {
    ...rest,
    files: byKey(files, (file) => file.target),
    endpoints: byKey(endpoints, (endpoint) => String(endpoint.port)),
    routes: byKey(routes, (route) => route.name),
    ...shownService(service),
  };
}

function byKey<T>(list: readonly T[], key: (one: T) => string): Record<string, T> {
  return Object.fromEntries(list.map((one) => [key(one), one]));
}

/** The rest of the Compose service, under its own keys. `deploy` without the parts that the strategy and count carry. */
function shownService(service: Service): Record<string, unknown> {
  const entries = Object.entries(service).filter(([key]) => !resolvedElsewhere.has(key) && !key.startsWith('x-'));
  const { deploy, command, ...others } = Object.fromEntries(entries) as Service;
  const { replicas: _n, update_config: _u, rollback_config: _r, restart_policy: _p, ...kept } = deploy ?? {};
  return {
    ...Object.fromEntries(Object.entries(others).map(([key, value]) => [`service.${key}`, value])),
    ...(command === undefined ? {} : { command }),
    ...(Object.keys(kept).length === 0 ? {} : { deploy: kept }),
  };
}

/** Bytes of a secret or config never show, whatever their name is. */
function fileContent(path: readonly string[]): boolean {
  return path[0] === 'files' && (path.length <= 2 || path[2] === ('content' satisfies keyof GrantedFile));
}
