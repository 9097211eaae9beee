import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Mount, Volume } from '#model/project.ts';
import type { Release } from '#model/release.ts';
import type { RuntimeKind } from '#model/spec.ts';
import { makeRelease, makeSpec } from '../../test/support/specs.ts';
import { inspectEmptiedMounts } from './emptied-mounts.ts';

interface Given {
  readonly source?: string;
  readonly target?: string;
  readonly volume?: Volume;
  readonly runtime?: RuntimeKind;
}

/** A release of a service that keeps its data in one volume. */
function release(number: number, { source = 'data', target = '/data', volume = {}, runtime = 'process' }: Given = {}) {
  const mounts: Mount[] = [
    { type: 'bind', source: '/etc/shop', target: '/etc/shop' },
    { type: 'volume', source, target },
  ];
  const made = makeRelease(number, [makeSpec('db', { runtime, service: { volumes: mounts } })]);
  return { ...made, model: { ...made.model, volumes: { [source]: volume } } };
}

/** Which mount of the new release would be emptied, and instead of which volume. */
function emptied(next: Release, ...before: readonly Release[]) {
  const history = { serving: before.at(-1), all: before };
  const where: unknown[] = [];
  const locate = (path: readonly (string | number)[]) => void where.push(path);
  const findings = inspectEmptiedMounts({ history, project: next.model, services: next.services, locate });
  return findings.map((one, index) => [where[index], one.said.code, one.said.facts]);
}

const place = ['services', 'db', 'volumes', 1];
const facts = { service: 'db', target: '/data', old: 'shop_data', elsewhere: undefined };

test('a renamed volume is stopped at', () => {
  const expected = [[place, 'VOLUME_EMPTIED', { ...facts, name: 'shop_db-data' }]];
  assert.deepEqual(emptied(release(2, { source: 'db-data' }), release(1)), expected);
  const named = [[place, 'VOLUME_EMPTIED', { ...facts, name: 'elsewhere' }]];
  assert.deepEqual(emptied(release(2, { volume: { name: 'elsewhere' } }), release(1)), named);
});

test('so is the same volume on a runtime that keeps its own', () => {
  const expected = [[place, 'VOLUME_EMPTIED', { ...facts, name: 'shop_data', elsewhere: 'process' }]];
  assert.deepEqual(emptied(release(2, { runtime: 'docker' }), release(1)), expected);
});

test('nothing is said where no data is left behind', () => {
  const cases: readonly (readonly [string, Release, ...Release[]])[] = [
    ['nothing is recorded', release(1)],
    ['the same volume', release(2), release(1)],
    ['another key for the same volume', release(2, { source: 'db', volume: { name: 'shop_data' } }), release(1)],
    ['a volume beside', release(2, { source: 'logs', target: '/var/log' }), release(1)],
    ['one that others fill', release(2, { source: 'old', volume: { name: 'old', external: true } }), release(1)],
    ['back to one of an earlier release', release(3), release(1), release(2, { source: 'other' })],
  ];
  for (const [what, next, ...before] of cases) assert.deepEqual(emptied(next, ...before), [], what);
});
