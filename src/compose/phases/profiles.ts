import type { Service } from '#model/project.ts';

type Services = Readonly<Record<string, Service>>;

/** Services that run, and those that are left out. */
export interface Activation {
  readonly active: Services;
  readonly disabled: Services;
}

/** Parts services by profile: without profiles always on, else when one of theirs is active; `*` activates all. */
export function byProfile(services: Services, profiles: readonly string[]): Activation {
  const active: [string, Service][] = [];
  const disabled: [string, Service][] = [];
  for (const pair of Object.entries(services)) (hasProfile(pair[1], profiles) ? active : disabled).push(pair);
  return { active: Object.fromEntries(active), disabled: Object.fromEntries(disabled) };
}

function hasProfile(service: Service, profiles: readonly string[]): boolean {
  const own = service.profiles ?? [];
  return own.length === 0 || profiles.includes('*') || own.some((profile) => profiles.includes(profile));
}
