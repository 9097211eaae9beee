import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Service } from '#model/project.ts';
import { Report } from '../tree/report.ts';
import { SourceText } from '../tree/source.ts';
import { byProfile } from './profiles.ts';
import { selectServices } from './select.ts';

const started = { condition: 'service_started', required: true } as const;
const services: Readonly<Record<string, Service>> = {
  web: { image: 'i', depends_on: { db: started, cache: { ...started, required: false } } },
  db: { image: 'd' },
  cache: { image: 'c', profiles: ['extra'] },
  tool: { image: 't', profiles: ['ops'], depends_on: { db: started } },
  'web-2': { image: 'i' },
};

const cases: readonly [names: string[], profiles: string[], active: string[], errors: string[]][] = [
  [[], [], ['db', 'web', 'web-2'], []],
  [[], ['extra'], ['cache', 'db', 'web', 'web-2'], []],
  [[], ['*'], ['cache', 'db', 'tool', 'web', 'web-2'], []],
  [['web'], [], ['db', 'web'], []],
  [['web'], ['extra'], ['cache', 'db', 'web'], []],
  [['tool'], [], ['db', 'tool'], []],
  [['web*'], [], ['db', 'web', 'web-2'], []],
  [['nobody'], [], [], ['nobody']],
];

for (const [names, profiles, active, errors] of cases) {
  test(`services ${names.join() || 'all'} with profiles ${profiles.join() || 'none'}`, () => {
    const report = new Report();
    const start = { mark: { source: new SourceText('compose.yaml', ''), offset: 0 }, path: [] };
    const chosen = selectServices(byProfile(services, profiles), names, profiles, report, start);
    assert.deepEqual(Object.keys(chosen.active).toSorted(), active);
    assert.deepEqual(
      report.findings().map(({ said }) => said.facts.name),
      errors,
    );
    const all = [...Object.keys(chosen.active), ...Object.keys(chosen.disabled)];
    assert.deepEqual(all.toSorted(), Object.keys(services).toSorted());
  });
}

test('a dependency that was left out leaves the model', () => {
  const chosen = selectServices(byProfile(services, []), ['web'], [], new Report(), {
    mark: { source: new SourceText('compose.yaml', ''), offset: 0 },
    path: [],
  });
  assert.deepEqual(Object.keys(chosen.active.web?.depends_on ?? {}), ['db']);
});
