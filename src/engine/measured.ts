import { type Said, said } from '#core/messages/say.ts';
import type { TrafficOf } from '#model/metrics.ts';
import type { BreakerLine, OutlierLine, TrafficStatus } from '#model/status.ts';
import type { Memory, OutlierCause } from '#monitor/outliers/judge.ts';
import type { Balancer } from '#world/balancer.ts';
import type { Meter } from '#world/meter.ts';

const secondMs = 1000;
const seconds = 60;

/** The last minute of whole seconds; the second that runs is not counted yet, nor is the one before for sure. */
export function lastMinute(meter: Meter, of: TrafficOf, now: number): TrafficStatus {
  const to = Math.floor(now / secondMs) * secondMs - secondMs;
  const stats = meter.stats(of, { from: to - seconds * secondMs, to });
  const { requests, answers, networkErrors, p50, p95, p99, inFlight } = stats;
  return {
    requestsPerSecond: rounded(requests / seconds),
    errorRatio: requests === 0 ? 0 : rounded(Math.min(1, (answers[5] + networkErrors) / requests)),
    ...(p50 === undefined || p95 === undefined || p99 === undefined
      ? {}
      : { p50: rounded(p50), p95: rounded(p95), p99: rounded(p99) }),
    inFlight,
  };
}

/** The breakers of a service's routes. */
export function breakersOf(balancer: Pick<Balancer, 'breakers'>, project: string, service: string): BreakerLine[] {
  return balancer
    .breakers()
    .filter((one) => one.project === project && one.service === service)
    .map(({ route, state, since, why }) => ({
      ...{ route, state, why },
      ...(since === undefined ? {} : { since: new Date(since).toISOString() }),
    }));
}

/** Why an instance is out of the rotation, and until when. */
export function outlierOf(memory: Memory | undefined): { readonly outlier?: OutlierLine } {
  if (memory?.until === undefined || memory.cause === undefined) return {};
  const { cause, until } = memory;
  return { outlier: { until: new Date(until).toISOString(), why: outlierReason(cause) } };
}

/** What an instance did that its siblings did not. */
export function outlierReason(cause: OutlierCause): Said {
  return cause.kind === 'streak'
    ? said('OUTLIER_STREAK', { errors: cause.errors })
    : said('OUTLIER_RATIO', { percent: percent(cause.errorRatio), siblings: percent(cause.siblings) });
}

function percent(ratio: number): number {
  return Math.round(ratio * 100);
}

/** Digits beyond these say more than was measured. */
function rounded(value: number): number {
  return Math.round(value * 1000) / 1000;
}
