import { matchesGlob } from 'node:path';
import type { Project, Service } from '#model/project.ts';
import { suggestion } from '../suggest.ts';
import type { Report, Spot } from '../tree/report.ts';
import { type Activation, byProfile } from './profiles.ts';

type Services = Readonly<Record<string, Service>>;

/**
 * Keeps the named services and what they depend on. Naming a service activates its profiles for the whole project.
 *
 * @param names services or patterns such as `web-*`
 */
export function selectServices(
  activation: Activation,
  names: readonly string[],
  profiles: readonly string[],
  report: Report,
  start: Spot,
): Activation {
  if (names.length === 0) return activation;
  const all = { ...activation.active, ...activation.disabled };
  const added = names.flatMap((name) => (Object.hasOwn(activation.disabled, name) ? (all[name]?.profiles ?? []) : []));
  const { active, disabled } = byProfile(all, [...profiles, ...added]);
  const kept = new Set<string>();
  for (const name of names) keepMatching(name, active, kept, report, start);
  const left = Object.entries(active).filter(([name]) => !kept.has(name));
  return {
    active: Object.fromEntries(
      Object.entries(active)
        .filter(([name]) => kept.has(name))
        .map(([name, service]) => [name, withDependencies(service, kept)]),
    ),
    disabled: { ...disabled, ...Object.fromEntries(left) },
  };
}

/** Removes networks, volumes, secrets, configs and models that no service uses. */
export function withoutUnused(project: Project): Project {
  const services = Object.values(project.services);
  const used = {
    networks: services.flatMap((service) => Object.keys(service.networks ?? {})),
    volumes: services.flatMap((service) =>
      (service.volumes ?? []).flatMap((mount) => (mount.type === 'volume' ? (mount.source ?? []) : [])),
    ),
    secrets: services.flatMap((service) =>
      [...(service.secrets ?? []), ...(service.build?.secrets ?? [])].map((grant) => grant.source),
    ),
    configs: services.flatMap((service) => (service.configs ?? []).map((grant) => grant.source)),
    models: services.flatMap((service) => Object.keys(service.models ?? {})),
  };
  const rest = Object.entries(project).flatMap(([key, value]): [string, unknown][] => {
    if (!isResourceKind(key)) return [[key, value]];
    const names = new Set(used[key]);
    const kept = Object.entries(value as object).filter(([name]) => names.has(name));
    return kept.length === 0 ? [] : [[key, Object.fromEntries(kept)]];
  });
  return Object.fromEntries(rest) as unknown as Project;
}

function isResourceKind(key: string): key is 'networks' | 'volumes' | 'secrets' | 'configs' | 'models' {
  return ['networks', 'volumes', 'secrets', 'configs', 'models'].includes(key);
}

function keepMatching(pattern: string, active: Services, kept: Set<string>, report: Report, start: Spot): void {
  const matching = Object.hasOwn(active, pattern)
    ? [pattern]
    : Object.keys(active).filter((name) => matchesGlob(name, pattern));
  if (matching.length === 0) {
    const facts = { name: pattern, nearest: suggestion(pattern, Object.keys(active)) };
    report.error('COMPOSE_NO_SUCH_SERVICE', facts, start);
  }
  const waiting = [...matching];
  for (let name = waiting.pop(); name !== undefined; name = waiting.pop()) {
    if (kept.has(name)) continue;
    kept.add(name);
    for (const [other, dependency] of Object.entries(active[name]?.depends_on ?? {})) {
      if (Object.hasOwn(active, other)) waiting.push(other);
      else if (dependency.required !== false)
        report.error('COMPOSE_NO_SUCH_SERVICE', { name: other, nearest: undefined }, start);
    }
  }
}

function withDependencies(service: Service, kept: ReadonlySet<string>): Service {
  const all = Object.entries(service.depends_on ?? {});
  const inside = all.filter(([name]) => kept.has(name));
  if (inside.length === all.length) return service;
  const { depends_on: _dropped, ...rest } = service;
  return inside.length === 0 ? rest : { ...rest, depends_on: Object.fromEntries(inside) };
}
