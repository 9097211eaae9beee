import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { InstanceCounts, RequestEnd } from '#model/metrics.ts';
import { exposition } from './exposition.ts';
import { TrafficBook } from './traffic-book.ts';
import { trafficMetrics } from './traffic-metrics.ts';

const start = 1_700_000_000_000;
const web = { project: 'shop', service: 'web' };

function counts(more: Partial<InstanceCounts> = {}): InstanceCounts {
  return {
    ...{ backend: 'shop/web:80', instance: 'web-r1-1', at: start, answers: [0, 0, 10, 0, 0, 0] as const },
    ...{ connections: 0, brokenOff: 0, bytesIn: 100, bytesOut: 1000, ...more },
  };
}

function end(more: Partial<RequestEnd> = {}): RequestEnd {
  return {
    ...{ at: start + 500, ms: 20, weight: 1, ending: 'answered', code: '--', status: 200, counted: true },
    ...{ backend: 'shop/web:80', route: 'r', instance: 'web-r1-1', handedOver: false, bytesIn: 10, bytesOut: 100 },
    ...{ client: '10.0.0.1', method: 'GET', host: 'x', path: '/', requestId: undefined, ...more },
  };
}

const window = { from: start, to: start + 1000 };

test('counters count, requests tell how long they took and who failed', () => {
  const book = new TrafficBook();
  book.counted(counts());
  for (let n = 1; n <= 10; n++) book.ended(end({ ms: n * 10 }));
  book.ended(end({ ending: 'failed', counted: false, status: 503, ms: 150 }));
  const stats = book.stats(web, window);
  assert.deepEqual(stats.answers, { 1: 0, 2: 10, 3: 0, 4: 0, 5: 0 });
  assert.deepEqual([stats.requests, stats.networkErrors, stats.bytesIn], [11, 1, 100]);
  assert.deepEqual([stats.p50, stats.p95, stats.p99], [50, 100, 100]);
});

test('an answer that broke off is a failure, and no second request', () => {
  const book = new TrafficBook();
  book.counted(counts({ answers: [0, 0, 1, 0, 0, 0], brokenOff: 1 }));
  book.ended(end({ ending: 'failed', counted: true, code: 'SD', weight: 16 }));
  const seen = (more = {}) => {
    const { requests, networkErrors } = book.stats({ ...web, ...more }, window);
    return [requests, networkErrors];
  };
  assert.deepEqual(
    [seen(), seen({ release: 1 })],
    [
      [1, 1],
      [1, 1],
    ],
    'as the proxy counted it',
  );
  assert.deepEqual(seen({ route: 'r' }), [16, 16], 'as it was told');
});

test('what the proxy answers itself belongs to the service, and to no release', () => {
  const book = new TrafficBook();
  book.counted(counts());
  book.ended(end({ ending: 'refused', counted: false, instance: undefined, status: 429, weight: 16 }));
  assert.equal(book.stats(web, window).answers[4], 16);
  assert.equal(book.stats({ ...web, release: 1 }, window).answers[4], 0);
  assert.equal(book.stats({ ...web, route: 'r' }, window).answers[4], 16);
});

test('a request that a stopping worker handed on is counted once for the service and once for its route', () => {
  const book = new TrafficBook();
  book.counted(counts({ answers: [0, 0, 1, 0, 0, 0] }));
  book.ended(end({ handedOver: true, instance: undefined }));
  book.ended(end({ route: undefined }));
  assert.equal(book.stats(web, window).requests, 1);
  assert.equal(book.stats({ ...web, route: 'r' }, window).requests, 1);
});

test('whole seconds that overlap the window count, told late or not', () => {
  const book = new TrafficBook();
  for (const second of [3, 0, 2, 1]) book.counted(counts({ at: start + second * 1000 }));
  const requests = (from: number, to: number) => book.stats(web, { from: start + from, to: start + to }).requests;
  assert.deepEqual([requests(0, 1000), requests(999, 1001), requests(0, 4000), requests(4000, 9000)], [10, 20, 40, 0]);
});

test('a quarter of an hour is kept, and memory does not grow beyond it', () => {
  const book = new TrafficBook();
  for (let second = 0; second < 4000; second++) book.counted(counts({ at: start + second * 1000 }));
  const to = start + 4_000_000;
  assert.equal(book.stats(web, { from: to - 15 * 60_000, to }).requests, 9000);
  assert.ok(book.stats(web, { from: 0, to }).requests <= 11 * 1000, 'forgotten beyond sixteen minutes');
});

test('a weighted sample has the quantiles of what it stands for', () => {
  const book = new TrafficBook();
  for (let n = 0; n < 95; n++) book.ended(end({ ms: 10, weight: 16 }));
  for (let n = 0; n < 80; n++) book.ended(end({ ms: 300, weight: 1, status: 500 }));
  const { p50, p95 } = book.stats(web, window);
  assert.deepEqual([p50, p95], [10, 10]);
});

test('a websocket says nothing about how fast a service answers', () => {
  const book = new TrafficBook();
  book.ended(end({ status: 101, ms: 3_600_000 }));
  assert.equal(book.stats(web, window).p50, undefined);
});

test('the metrics page says it in the words of Prometheus', () => {
  const book = new TrafficBook();
  book.counted(counts());
  book.ended(end({ ms: 20 }));
  book.inFlight([{ backend: 'shop/web:80', instance: 'web-r1-1', requests: 3 }]);
  const present = [
    { project: 'shop', service: 'web', instance: 'web-r1-1' },
    { project: 'shop', service: 'web', instance: 'web-r2-1' },
    { project: 'shop', service: 'api', instance: 'api-r2-1' },
  ];
  const page = exposition(trafficMetrics(book, present));
  const place = 'project="shop",service="web",release="1",instance="web-r1-1"';
  for (const line of [
    '# TYPE timonel_requests_total counter',
    `timonel_requests_total{${place},code="2xx"} 10`,
    `timonel_requests_in_flight{${place}} 3`,
    `timonel_request_duration_seconds_bucket{${place},le="0.01"} 0`,
    `timonel_request_duration_seconds_bucket{${place},le="0.025"} 1`,
    `timonel_request_duration_seconds_bucket{${place},le="+Inf"} 1`,
    `timonel_route_requests_total{${place},route="r",code="2xx"} 1`,
    `timonel_route_request_duration_seconds_count{${place},route="r"} 1`,
    `timonel_route_sent_bytes_total{${place},route="r"} 100`,
    // Whoever was asked nothing yet, or never failed, says so.
    `timonel_requests_total{${place},code="5xx"} 0`,
    'timonel_requests_total{project="shop",service="web",release="2",instance="web-r2-1",code="5xx"} 0',
    'timonel_requests_total{project="shop",service="api",release="2",instance="api-r2-1",code="2xx"} 0',
    'timonel_request_duration_seconds_count{project="shop",service="api",release="2",instance="api-r2-1"} 0',
  ])
    assert.ok(page.split('\n').includes(line), `${line} is missing in\n${page}`);
  assert.equal(
    exposition([{ name: 'a', type: 'gauge', help: 'h', samples: [{ labels: { x: 'q"\\\n' }, value: 1 }] }]).split(
      '\n',
    )[2],
    'a{x="q\\"\\\\\\n"} 1',
  );
});
