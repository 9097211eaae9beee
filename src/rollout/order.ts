import { fail } from '#core/errors.ts';
import type { ServiceSpec } from '#model/spec.ts';

type Services = Readonly<Record<string, ServiceSpec>>;

/**
 * Names of the services, each after all that it depends on; otherwise as in the file.
 *
 * @throws DEPENDENCY_CYCLE when services wait for each other
 */
export function dependencyOrder(services: Services): readonly string[] {
  const ordered: string[] = [];
  const state = new Map<string, 'open' | 'done'>();
  for (const name of Object.keys(services)) visit(name, []);
  return ordered;

  function visit(name: string, path: readonly string[]): void {
    if (state.get(name) === 'done') return;
    if (state.get(name) === 'open') throw fail('DEPENDENCY_CYCLE', { cycle: [...path, name].join(' -> ') });
    state.set(name, 'open');
    for (const dependency of dependenciesOf(services, name)) visit(dependency, [...path, name]);
    state.set(name, 'done');
    ordered.push(name);
  }
}

/**
 * Names of the services, each before all that it depends on. Where the file leaves it open, those that speak HTTP come
 * first: their neighbours' connections to a database or a cache stay open for as long as they run.
 */
export function orderOfEnds(services: Services): readonly string[] {
  const waiting = new Set(dependencyOrder(services).toReversed());
  const dependents = Map.groupBy(
    [...waiting].flatMap((name) => dependenciesOf(services, name).map((on) => ({ on, name }))),
    (one) => one.on,
  );
  const isFree = (name: string) => (dependents.get(name) ?? []).every((one) => !waiting.has(one.name));
  const ordered: string[] = [];
  while (waiting.size > 0) {
    const free = [...waiting].filter(isFree);
    const next = free.find((name) => !isKeptOpen(services[name])) ?? free[0];
    if (next === undefined) break;
    waiting.delete(next);
    ordered.push(next);
  }
  return ordered;
}

/** Do others keep connections to it open, whether they ask something or not? */
export function isKeptOpen(spec: ServiceSpec | undefined): boolean {
  return spec?.endpoints.some((endpoint) => endpoint.protocol === 'tcp') ?? false;
}

/** Services of the project that `name` depends on. Optional ones that are not there do not count. */
export function dependenciesOf(services: Services, name: string): readonly string[] {
  return Object.keys(services[name]?.dependsOn ?? {}).filter((dependency) => dependency in services);
}
