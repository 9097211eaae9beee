import assert from 'node:assert/strict';
import { test } from 'node:test';
import { fromPlain, toPlain } from '../tree/plain.ts';
import { Report } from '../tree/report.ts';
import { SourceText } from '../tree/source.ts';
import { merge } from './merge.ts';
import { makeUnique } from './unique.ts';

const base = { source: new SourceText('base.yaml', 'x'), offset: 0 };
const over = { source: new SourceText('over.yaml', 'x'), offset: 0 };

/** Attribute of a service, its value in the base, in the override, and merged (rules of the specification). */
const fields: readonly [name: string, base: unknown, over: unknown, merged: unknown][] = [
  ['user', 'a', 'b', 'b'],
  ['user', 'a', null, 'a'],
  ['command', ['a'], ['b'], ['b']],
  ['command', ['a'], null, null],
  ['environment', { A: 1, B: 2 }, ['B=3', 'C'], ['A=1', 'B=3', 'C']],
  ['environment', ['A=1'], null, ['A=1']],
  ['labels', ['a=1'], { a: 2 }, ['a=2']],
  ['ports', ['80:80'], ['80:80', '81:81'], ['80:80', '81:81']],
  ['ports', [{ target: 80 }], [{ target: 80, mode: 'host' }], [{ target: 80, mode: 'host' }]],
  ['volumes', ['./a:/d', 'v:/v'], ['./b:/d'], ['./b:/d', 'v:/v']],
  ['security_opt', ['x'], ['x'], ['x', 'x']],
  ['dns', '1.1.1.1', ['8.8.8.8'], ['1.1.1.1', '8.8.8.8']],
  ['build', './a', { target: 't' }, { context: './a', target: 't' }],
  ['build', { args: { A: 1 } }, { args: ['A=2'] }, { args: ['A=2'] }],
  [
    'depends_on',
    ['a'],
    { a: { condition: 'service_healthy' } },
    { a: { condition: 'service_healthy', required: true } },
  ],
  ['networks', ['a'], { a: { aliases: ['x'] }, b: null }, { a: { aliases: ['x'] }, b: null }],
  ['logging', { driver: 'a', options: { x: 1 } }, { options: { y: 2 } }, { driver: 'a', options: { x: 1, y: 2 } }],
  ['logging', { driver: 'a', options: { x: 1 } }, { driver: 'b' }, { driver: 'b' }],
  ['ulimits', { nofile: { soft: 1, hard: 2 } }, { nofile: 5 }, { nofile: 5 }],
  ['extra_hosts', ['h=1.1.1.1'], { h: ['1.1.1.1', '2.2.2.2'] }, ['h=1.1.1.1', 'h=2.2.2.2']],
  ['healthcheck', { test: ['CMD', 'a'], retries: 1 }, { test: ['NONE'] }, { test: ['NONE'], retries: 1 }],
];

for (const [name, before, after, expected] of fields) {
  test(`${name}: ${JSON.stringify(before)} and ${JSON.stringify(after)}`, () => {
    const report = new Report();
    const merged = merge(service(name, before, base), service(name, after, over), report);
    assert.deepEqual(toPlain(makeUnique(merged, report)), { services: { a: { [name]: expected } } });
    assert.deepEqual(report.findings(), []);
  });
}

test('a mapping and a list cannot be merged', () => {
  const report = new Report();
  merge(service('cap_add', ['x'], base), service('cap_add', { x: 1 }, over), report);
  assert.deepEqual(
    report.findings().map(({ said, at }) => `${at?.file} ${at?.path} ${said.code}`),
    ['over.yaml services.a.cap_add COMPOSE_MERGE_KINDS'],
  );
});

function service(name: string, value: unknown, mark: typeof base): ReturnType<typeof fromPlain> {
  return fromPlain({ services: { a: { [name]: value } } }, mark);
}
