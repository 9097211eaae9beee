import { releaseOf } from '#core/instance-id.ts';
import { millisecondsOf } from '#core/time-bins.ts';
import type { BreakerState, BreakerStatus } from '#model/metrics.ts';
import type { Metric, Sample } from './exposition.ts';
import type { Tally } from './tally.ts';
import type { Present, TrafficBook, TrafficTotals } from './traffic-book.ts';

/** Upper bounds in milliseconds; Prometheus' own choice, with two more for slow services. */
const bounds = [5, 10, 25, 50, 100, 250, 500, 1000, 2500, 5000, 10_000, 30_000, 60_000];

const classes = ['other', '1xx', '2xx', '3xx', '4xx', '5xx'] as const;
/** Shown also while there are none, so that a share of them is 0 and not unknown. */
const usual: ReadonlySet<string> = new Set(['2xx', '3xx', '4xx', '5xx']);

/** What the proxy measured since the daemon started. */
export function trafficMetrics(
  book: Pick<TrafficBook, 'totals' | 'running'>,
  present: readonly Present[],
): readonly Metric[] {
  const { instances, routes: all } = book.totals(present);
  const routes = all.filter((one) => one.route !== undefined);
  const ofRoute = (one: TrafficTotals) => ({ ...placeOf(one), route: one.route });
  return [
    {
      ...{ name: 'timonel_requests_total', type: 'counter' },
      help: 'Answers by service, release and instance; without an instance: what the proxy answered itself.',
      samples: instances.flatMap((one) => answerSamples(placeOf(one), one.total)),
    },
    {
      ...{ name: 'timonel_network_errors_total', type: 'counter' },
      help: 'Requests to which no instance gave a whole answer.',
      samples: instances.map((one) => ({ labels: placeOf(one), value: one.total.networkErrors })),
    },
    {
      ...{ name: 'timonel_connections_total', type: 'counter' },
      help: 'Connections to services that do not speak HTTP.',
      samples: instances
        .filter((one) => one.total.connections > 0)
        .map((one) => ({ labels: placeOf(one), value: one.total.connections })),
    },
    {
      ...{ name: 'timonel_received_bytes_total', type: 'counter', help: 'Bytes of requests.' },
      samples: instances.map((one) => ({ labels: placeOf(one), value: one.total.bytesIn })),
    },
    {
      ...{ name: 'timonel_sent_bytes_total', type: 'counter', help: 'Bytes of answers.' },
      samples: instances.map((one) => ({ labels: placeOf(one), value: one.total.bytesOut })),
    },
    {
      ...{ name: 'timonel_request_duration_seconds', type: 'histogram' },
      help: 'Time from the first byte of a request to the last of its answer; under load from one of 16 requests.',
      samples: instances
        .filter((one) => one.instance !== undefined)
        .flatMap((one) => histogramSamples(placeOf(one), one.total)),
    },
    {
      ...{ name: 'timonel_requests_in_flight', type: 'gauge', help: 'Requests that run now.' },
      samples: book.running().map(({ service, instance, requests }) => {
        const [project, name] = service.split('/');
        return { labels: { project, service: name, release: releaseOf(instance), instance }, value: requests };
      }),
    },
    {
      ...{ name: 'timonel_route_requests_total', type: 'counter' },
      help: 'Answers by route at the edge; under load estimated from one of 16 requests, failures exactly.',
      samples: routes.flatMap((one) => answerSamples(ofRoute(one), one.total)),
    },
    {
      ...{ name: 'timonel_route_network_errors_total', type: 'counter' },
      help: 'Requests by route to which no instance gave a whole answer.',
      samples: routes.map((one) => ({ labels: ofRoute(one), value: one.total.networkErrors })),
    },
    {
      ...{ name: 'timonel_route_received_bytes_total', type: 'counter' },
      help: 'Bytes of requests by route; under load estimated from one of 16 requests.',
      samples: routes.map((one) => ({ labels: ofRoute(one), value: one.total.bytesIn })),
    },
    {
      ...{ name: 'timonel_route_sent_bytes_total', type: 'counter' },
      help: 'Bytes of answers by route; under load estimated from one of 16 requests.',
      samples: routes.map((one) => ({ labels: ofRoute(one), value: one.total.bytesOut })),
    },
    {
      ...{ name: 'timonel_route_request_duration_seconds', type: 'histogram' },
      help: 'Time of a request by route at the edge; under load from one of 16 requests.',
      samples: routes
        .filter((one) => one.instance !== undefined)
        .flatMap((one) => histogramSamples(ofRoute(one), one.total)),
    },
  ];
}

const states: readonly BreakerState[] = ['closed', 'open', 'recovering'];

export function breakerMetrics(breakers: readonly BreakerStatus[]): Metric {
  return {
    ...{
      name: 'timonel_breaker_state',
      type: 'gauge',
      help: 'The state of a circuit breaker: 1 for the one it is in.',
    },
    samples: breakers.flatMap(({ project, service, route, why, state }) =>
      states.map((one) => ({
        labels: { project, service, route, condition: why, state: one },
        value: one === state ? 1 : 0,
      })),
    ),
  };
}

type Labels = Sample['labels'];

function placeOf({ project, service, instance }: TrafficTotals): Labels {
  return { project, service, release: instance === undefined ? undefined : releaseOf(instance), instance };
}

function answerSamples(labels: Labels, total: Tally): Sample[] {
  return classes.flatMap((code, digit) => {
    const value = total.answers[digit as 0 | 1 | 2 | 3 | 4 | 5];
    return value === 0 && !usual.has(code) ? [] : [{ labels: { ...labels, code }, value }];
  });
}

function histogramSamples(labels: Labels, { times }: Tally): Sample[] {
  const all = [...times].map(([bin, count]) => ({ ms: millisecondsOf(bin), count }));
  const upTo = (bound: number) => all.reduce((sum, { ms, count }) => (ms < bound ? sum + count : sum), 0);
  const count = upTo(Number.POSITIVE_INFINITY);
  const sum = all.reduce((total, one) => total + (one.ms * one.count) / 1000, 0);
  return [
    ...bounds.map((bound) => ({ suffix: '_bucket', labels: { ...labels, le: bound / 1000 }, value: upTo(bound) })),
    { suffix: '_bucket', labels: { ...labels, le: '+Inf' }, value: count },
    { suffix: '_sum', labels, value: sum },
    { suffix: '_count', labels, value: count },
  ];
}
