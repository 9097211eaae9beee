import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { BreakerExpression, BreakerRule } from '#model/policy.ts';
import type { Route, RouteTable } from '#model/route.ts';
import { parseEvent, sampleOf } from '../events-section.ts';
import { routeMark } from '../names.ts';
import { Breakers } from './breakers.ts';
import { Histogram } from './histogram.ts';
import { type Sample, Window } from './window.ts';

const errors: BreakerExpression = {
  ...{ kind: 'compare', than: '>', value: 0.25 },
  measure: { kind: 'response-code-ratio', from: 500, to: 600, ofFrom: 0, ofTo: 600 },
};
const slow: BreakerExpression = {
  ...{ kind: 'compare', than: '>', value: 100 },
  measure: { kind: 'latency-at-quantile', quantile: 50 },
};
const network: BreakerExpression = { kind: 'compare', than: '>', value: 0.5, measure: { kind: 'network-error-ratio' } };

function rule(expression: BreakerExpression): BreakerRule {
  return { kind: 'breaker', expression, checkPeriodMs: 100, fallbackMs: 10_000, recoveryMs: 10_000, status: 503 };
}

function routeWith(...rules: readonly BreakerRule[]): Route {
  const place = { name: 'web', project: 'p', service: 'web', port: 80, priority: 1, entries: ['http'] as const };
  return { ...place, match: { kind: 'host', name: 'a.x' }, tls: { kind: 'none' }, policy: { rules } };
}

function tableOf(route: Route): RouteTable {
  return { backends: {}, listeners: [], routes: [route] };
}

function watching(expression: BreakerExpression) {
  const route = routeWith(rule(expression));
  const breakers = new Breakers();
  breakers.watch(tableOf(route));
  const record = (at: number, more: Partial<Sample> = {}) =>
    breakers.record({ route: routeMark(route), at, status: 200, ms: 10, isNetworkError: false, weight: 1, ...more })
      .length > 0;
  return { breakers, record, state: (now: number) => breakers.states(now)[0]?.state };
}

const start = 1_700_000_000_000;

test('opens when the expression holds, and says so once', () => {
  const { record, state } = watching(errors);
  for (let n = 0; n < 30; n++) assert.equal(record(start + n * 10), false);
  const opened = Array.from({ length: 30 }, (_, n) => record(start + 300 + n * 100, { status: 500 }));
  assert.equal(opened.filter(Boolean).length, 1);
  const at = start + 300 + opened.indexOf(true) * 100;
  // 30 good ones: more than a quarter fail with the eleventh bad one.
  assert.equal(opened.indexOf(true), 10);
  assert.deepEqual(
    [state(at), state(at + 9999), state(at + 10_000), state(at + 20_000)],
    ['open', 'open', 'recovering', 'closed'],
  );
});

test('looks at most every check period', () => {
  const { record } = watching(errors);
  assert.equal(record(start), false);
  assert.equal(record(start + 50, { status: 500 }), false);
  assert.equal(record(start + 100, { status: 200 }), true);
});

test('what ended after it opened does not count, and a recovering one opens again', () => {
  const { record, state } = watching(errors);
  assert.equal(record(start, { status: 500 }), true);
  for (let n = 1; n < 20; n++) assert.equal(record(start + n * 200, { status: 500 }), false);
  for (let n = 0; n < 3; n++) assert.equal(record(start + 10_000 + n, { status: 200 }), false);
  assert.equal(record(start + 10_500, { status: 500 }), false, 'a quarter is not more than a quarter');
  assert.equal(record(start + 10_700, { status: 500 }), true);
  assert.equal(state(start + 10_701), 'open');
});

test('ten seconds are remembered, no more', () => {
  const { record } = watching(errors);
  for (let n = 0; n < 10; n++) record(start + n, { status: n < 2 ? 500 : 200 });
  assert.equal(record(start + 12_000, { status: 200 }), false);
  assert.equal(record(start + 12_200, { status: 500 }), true);
});

test('half slower than 100 ms; half without an answer', () => {
  const latency = watching(slow);
  for (let n = 0; n < 10; n++) assert.equal(latency.record(start + n * 100, { ms: 90 }), false);
  const later = Array.from({ length: 12 }, (_, n) => latency.record(start + 1000 + n * 100, { ms: 200 }));
  assert.equal(later.indexOf(true), 10);
  const lost = watching(network);
  assert.equal(lost.record(start), false);
  assert.equal(lost.record(start + 200, { isNetworkError: true, status: 503 }), false);
  assert.equal(lost.record(start + 400, { isNetworkError: true, status: 503 }), true);
});

test('a table that changes elsewhere keeps what a breaker saw; a changed rule begins anew', () => {
  const route = routeWith(rule(errors));
  const breakers = new Breakers();
  breakers.watch(tableOf(route));
  const sample = { route: routeMark(route), at: start, status: 500, ms: 1, isNetworkError: false, weight: 1 };
  assert.equal(breakers.record(sample).length, 1);
  breakers.watch({ ...tableOf(route), listeners: [] });
  assert.equal(breakers.states(start + 1)[0]?.state, 'open');
  breakers.watch(tableOf(routeWith({ ...rule(errors), fallbackMs: 5 })));
  assert.equal(breakers.states(start + 1)[0]?.state, 'closed');
  breakers.watch(tableOf(routeWith()));
  assert.deepEqual(breakers.record(sample), []);
});

test('quantiles are right to the millisecond below 200, and to two per cent above', () => {
  const histogram = new Histogram();
  for (let ms = 1; ms <= 100; ms++) histogram.add(ms);
  assert.deepEqual([histogram.at(50), histogram.at(95), histogram.at(100)], [50, 95, 100]);
  assert.equal(new Histogram().at(50), 0);
  for (const ms of [250, 1234, 60_000, 3_000_000]) {
    const one = new Histogram();
    one.add(ms);
    assert.ok(Math.abs(one.at(50) - ms) <= ms * 0.02, `${ms}: ${one.at(50)}`);
  }
  const endless = new Histogram();
  endless.add(1e9);
  assert.ok(endless.at(50) > 3_000_000);
});

test('a sample that comes late does not wipe out newer ones', () => {
  const window = new Window();
  const sample = (at: number): Sample => ({ route: 'r', at, status: 500, ms: 1, isNetworkError: false, weight: 1 });
  window.add(sample(start + 10_000));
  window.add(sample(start));
  assert.equal(window.answers(start + 10_000, 500, 600), 1);
});

test('one that stands for many counts as many', () => {
  const { record } = watching(errors);
  for (let n = 0; n < 4; n++) assert.equal(record(start + n * 10, { weight: 16 }), false);
  const opened = Array.from({ length: 30 }, (_, n) => record(start + 300 + n * 100, { status: 500 }));
  assert.equal(opened.indexOf(true), 21, 'more than a quarter of 64 and its own');
});

const told = (code: number, end: string, more = '') =>
  `4711 - 1700000000123 45 12 ${code} ${end} .edge-http p:web:80 web-r3-1 120 340 10.0.0.1 p:web:80|p/web${more} id%2F1 --9 GET a.x%3A80 /a b`;

test('a breaker learns how requests ended, and not what says nothing about the service', () => {
  const sample = (line: string) => {
    const end = parseEvent(line);
    return end === undefined ? undefined : sampleOf(end);
  };
  assert.deepEqual(sample(told(500, '--')), {
    ...{ route: 'p:web:80|p/web', at: 1_700_000_000_168, status: 500, ms: 45, isNetworkError: false, weight: 1 },
  });
  for (const [code, end] of [
    [503, 'SC'],
    [502, 'SH'],
    [504, 'sH'],
    [200, 'SD'],
  ] as const) {
    assert.equal(sample(told(code, end))?.isNetworkError, true, end);
  }
  // Refused by the proxy itself, answered by it, broken off by the client, no line of ours.
  for (const end of ['PR', 'LR', 'CD', 'cH', 'PT']) assert.equal(sample(told(429, end)), undefined, end);
  for (const text of ['', '- 1700000000123 500 -- x', 'hello']) assert.equal(sample(text), undefined);
  // Of a request that passes two sides, the inner one judges the instance.
  const outside = told(502, '--').replace('web-r3-1', '.handover-inner');
  assert.equal(sample(outside), undefined);
  // Under load: failures and successes in the same proportion as they happen.
  const lots = (code: number) =>
    ['0', '7', '-1'].map((lot) => sample(told(code, '--').replace('4711 -', `4711 ${lot}`))?.weight);
  assert.deepEqual(
    [lots(200), lots(500)],
    [
      [16, undefined, 64],
      [16, undefined, 64],
    ],
  );
});

test('reads all that a line tells', () => {
  assert.deepEqual(parseEvent(`${told(200, '--')}\n`), {
    ...{ pid: 4711, at: 1_700_000_000_168, ms: 45, status: 200, ending: 'answered', code: '--', weight: 1 },
    ...{ counted: true, backend: 'p/web:80', route: 'web', mark: 'p:web:80|p/web', instance: 'web-r3-1' },
    ...{ bytesIn: 120, bytesOut: 340, method: 'GET', client: '10.0.0.1', requestId: 'id/1', host: 'a.x:80' },
    ...{ path: '/a b', handedOver: false, takenOver: false, drawnFor: 1 },
  });
  const lot = (code: number, end = '--') => parseEvent(told(code, end).replace('4711 -', '4711 0'))?.weight;
  assert.deepEqual([lot(200), lot(429, 'PR'), lot(500), lot(502, 'SH')], [16, 16, 1, 1]);
  // Nobody knew yet that it would break off; nor does the proxy's own answer come where failures are told.
  assert.deepEqual([lot(200, 'SD'), lot(503, 'LR'), lot(200, 'CD')], [16, 16, 16]);
  assert.equal(parseEvent(told(200, '--').replace('4711 -', '4711 -1'))?.weight, 64);
  assert.equal(parseEvent(told(0, 'CH').replace('45 12', '45 -1').replace('4711 -', '4711 0'))?.weight, 1);
});

test('a request that brought no id is known by its own; one between neighbours by none', () => {
  const id = (own: string) => parseEvent(told(200, '--').replace('id%2F1 --9', own))?.requestId;
  assert.deepEqual([id('- 0b5c-9'), id('- --9'), id('given --9')], ['0b5c-9', undefined, 'given']);
});
