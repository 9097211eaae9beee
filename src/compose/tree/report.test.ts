import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Report } from './report.ts';
import { SourceText } from './source.ts';

const source = new SourceText('compose.yaml', 'a: 1\nb: 2\n');

test('the same finding at the same place counts once', () => {
  const report = new Report();
  report.error('COMPOSE_EMPTY', { file: 'x' }, { mark: { source, offset: 5 }, path: ['b'] });
  report.error('COMPOSE_EMPTY', { file: 'x' }, { mark: { source, offset: 5 }, path: ['b'] });
  report.error('COMPOSE_EMPTY', { file: 'x' }, { mark: { source, offset: 0 }, path: ['a'] });
  assert.deepEqual(
    report.findings().map(({ at }) => `${at?.line}:${at?.column} ${at?.path}`),
    ['1:1 a', '2:1 b'],
  );
});

test('what lies below a refused value is refused', () => {
  const report = new Report();
  report.error('COMPOSE_EMPTY', { file: 'x' }, { mark: { source, offset: 0 }, path: ['services', 'a', 'ports'] });
  assert.ok(report.isRefused(['services', 'a', 'ports', 3, 'target']));
  assert.ok(!report.isRefused(['services', 'a', 'port']));
  assert.ok(!report.isRefused(['services', 'a']));
});

test('warnings refuse nothing', () => {
  const report = new Report();
  report.warning('COMPOSE_EMPTY', { file: 'x' }, { mark: { source, offset: 0 }, path: ['a'] });
  assert.ok(!report.hasErrors);
  assert.ok(!report.isRefused(['a']));
});

test('long texts and paths are shortened', () => {
  const report = new Report();
  const long = 'y'.repeat(100_000);
  report.error('COMPOSE_EMPTY', { file: long }, { mark: { source, offset: 0 }, path: [long] });
  assert.ok(JSON.stringify(report.findings()).length < 2000);
});
