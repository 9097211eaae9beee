import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Service } from '#model/project.ts';
import { findCycles } from './dependency-cycles.ts';

test('a cycle is named from where it begins, its first service again at the end', () => {
  assert.deepEqual(findCycles(services({ a: ['b'], b: ['c'], c: ['b'] })), [['b', 'c', 'b']]);
  assert.deepEqual(findCycles(services({ a: ['a'] })), [['a', 'a']]);
});

test('cycles apart from each other are all found', () => {
  const found = findCycles(services({ a: ['b'], b: ['a'], c: ['d'], d: ['c'], e: ['a', 'c'] }));
  assert.deepEqual(found, [
    ['a', 'b', 'a'],
    ['c', 'd', 'c'],
  ]);
});

test('what is reached on two ways is no cycle, and what does not exist is passed over', () => {
  assert.deepEqual(findCycles(services({ a: ['b', 'c'], b: ['d'], c: ['d'], d: ['nobody'] })), []);
});

test('a chain of 100,000 services does not exhaust the stack', { timeout: 20_000 }, () => {
  const chain = Array.from({ length: 100_000 }, (_, n) => [`s${n}`, [`s${n + 1}`]] as const);
  assert.deepEqual(findCycles(services(Object.fromEntries(chain))), []);
});

function services(dependencies: Readonly<Record<string, readonly string[]>>): Record<string, Service> {
  return Object.fromEntries(
    Object.entries(dependencies).map(([name, others]) => [
      name,
      { depends_on: Object.fromEntries(others.map((other) => [other, { condition: 'service_started' as const }])) },
    ]),
  );
}
