import type { TimeWindow, TrafficOf, TrafficStats } from '#model/metrics.ts';
import type { RouteTable } from '#model/route.ts';
import type { Meter } from '#world/meter.ts';
import { type Machine, requestsPerSecond } from './machine.ts';

/** What the pretended machine's clients got: requests by the weights of each table, answers as the code behaves. */
export function fakeMeter(machine: Machine): Meter {
  return {
    stats: (of, window) => {
      let requests = 0;
      let errors = 0;
      const times: number[] = [];
      for (const one of shares(machine, of, window)) {
        requests += one.requests;
        errors += one.requests * one.errorShare;
        if (one.requests > 0) times.push(one.ms);
      }
      const total = Math.floor(requests);
      const failed = Math.floor(errors);
      const slowest = Math.max(...times);
      return {
        ...{ requests: total, timed: total },
        answers: { 1: 0, 2: total - failed, 3: 0, 4: 0, 5: failed },
        ...{ networkErrors: 0, bytesIn: 0, bytesOut: 0, inFlight: 0 },
        ...(total === 0 ? {} : { p50: slowest, p95: slowest, p99: slowest }),
      } satisfies TrafficStats;
    },
  };
}

interface Share {
  readonly requests: number;
  readonly errorShare: number;
  readonly ms: number;
}

function* shares(machine: Machine, of: TrafficOf, { from, to }: TimeWindow): Generator<Share> {
  for (const [index, { at, table }] of machine.history.entries()) {
    const until = machine.history[index + 1]?.at ?? Number.POSITIVE_INFINITY;
    const seconds = Math.max(0, Math.min(to, until) - Math.max(from, at)) / 1000;
    if (seconds > 0) yield* sharesOf(machine, of, { table, requests: seconds * requestsPerSecond });
  }
}

function* sharesOf(
  machine: Machine,
  { project, service, instances }: TrafficOf,
  { table, requests }: { readonly table: RouteTable; readonly requests: number },
): Generator<Share> {
  for (const backend of Object.values(table.backends)) {
    if (backend.project !== project || backend.service !== service) continue;
    const ready = backend.servers.filter((one) => one.state === 'ready');
    const whole = ready.reduce((sum, one) => sum + one.weight, 0);
    for (const one of ready) {
      if (instances !== undefined && !instances.includes(one.id)) continue;
      const { errorShare = 0, requestMs = 0 } = machine.processes.get(`${project}/${one.id}`)?.behaviour ?? {};
      yield { requests: whole === 0 ? 0 : (requests * one.weight) / whole, errorShare, ms: requestMs };
    }
  }
}
