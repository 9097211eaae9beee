// biome-ignore-all lint/suspicious/noTemplateCurlyInString: these texts are templates of Compose, not of JavaScript
import assert from 'node:assert/strict';
import test from 'node:test';
import type { TimonelError } from '#core/errors.ts';
import { interpolateTree, type TreePath } from './interpolate.ts';

interface Run {
  readonly tree: unknown;
  readonly missing: string[];
  readonly errors: string[];
}

function run(tree: unknown, environment: Readonly<Record<string, string>> = {}): Run {
  const missing: string[] = [];
  const errors: string[] = [];
  const result = interpolateTree(tree, {
    lookup: (name) => environment[name],
    onMissing: (name: string, path: TreePath) => missing.push(`${path.join('.')}: ${name}`),
    onError: (error: TimonelError, path: TreePath) => errors.push(`${path.join('.')}: ${error.message}`),
  });
  return { tree: result, missing, errors };
}

test('values are substituted at every depth, keys never', () => {
  const { tree } = run({ '${K}': ['$A', { x: '${A}', $A: 1 }], n: null, b: true, i: 3 }, { A: 'v', K: 'no' });
  assert.deepEqual(tree, { '${K}': ['v', { x: 'v', $A: 1 }], n: null, b: true, i: 3 });
});

test('every error and every missing variable is told with its path', () => {
  const { tree, missing, errors } = run({
    services: { web: { image: '${', ports: ['80', '${P?set it}'], user: '$U' } },
  });
  assert.deepEqual(missing, ['services.web.user: U']);
  assert.deepEqual(errors, [
    'services.web.image: invalid interpolation format: ${',
    'services.web.ports.1: required variable P is missing a value: set it',
  ]);
  assert.deepEqual(tree, { services: { web: { image: null, ports: ['80', null], user: '' } } });
});

test('a key named __proto__ stays a key', () => {
  const source: unknown = JSON.parse('{"__proto__": {"a": "$A"}}');
  assert.equal(JSON.stringify(run(source, { A: '1' }).tree), '{"__proto__":{"a":"1"}}');
});

test('the input is not changed', () => {
  const source = { a: ['$A'] };
  run(source, { A: '1' });
  assert.deepEqual(source, { a: ['$A'] });
});
