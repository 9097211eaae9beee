import type { Service } from '#model/project.ts';

type Services = Readonly<Record<string, Service>>;

/**
 * The cycles of `depends_on`, one for each group of services that wait for each other; the first service of a cycle
 * stands at its end again. Sorted, so that the same file gives the same finding.
 */
export function findCycles(services: Services): string[][] {
  const finished = new Set<string>();
  const cycles: string[][] = [];
  for (const name of Object.keys(services).toSorted()) {
    const cycle = finished.has(name) ? undefined : cycleFrom(name, services, finished);
    if (cycle !== undefined) cycles.push(cycle);
  }
  return cycles;
}

interface Visit {
  readonly name: string;
  readonly next: string[];
}

/** Depth first without recursion, because a long chain of services must not exhaust the stack. */
function cycleFrom(start: string, services: Services, finished: Set<string>): string[] | undefined {
  const trail: Visit[] = [{ name: start, next: dependenciesOf(start, services) }];
  const onTrail = new Set([start]);
  let found: string[] | undefined;
  for (let visit = trail.at(-1); visit !== undefined; visit = trail.at(-1)) {
    const next = visit.next.shift();
    if (next === undefined) {
      finished.add(visit.name);
      onTrail.delete(visit.name);
      trail.pop();
    } else if (onTrail.has(next)) {
      const names = trail.map((one) => one.name);
      found ??= [...names.slice(names.indexOf(next)), next];
    } else if (!finished.has(next)) {
      onTrail.add(next);
      trail.push({ name: next, next: dependenciesOf(next, services) });
    }
  }
  return found;
}

function dependenciesOf(name: string, services: Services): string[] {
  const names = Object.keys(services[name]?.depends_on ?? {});
  return names.filter((other) => Object.hasOwn(services, other)).toSorted();
}
