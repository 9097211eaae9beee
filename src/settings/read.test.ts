import assert from 'node:assert/strict';
import { test } from 'node:test';
import { say, sayHint } from '#core/messages/say.ts';
import type { Project } from '#model/project.ts';
import { readSettings } from './read.ts';

const locate = (path: readonly (string | number)[]) => ({
  file: 'compose.yaml',
  line: path.length,
  column: 1,
  path: path.join('.'),
});

function read(settings: unknown) {
  const project: Project = { name: 'p', services: { web: { 'x-timonel': settings } } };
  return readSettings(project, locate);
}

const refused: readonly { readonly given: unknown; readonly says: string; readonly hints?: string }[] = [
  {
    given: { strateg: 'rolling' },
    says: 'services.web.x-timonel: unknown key strateg',
    hints: 'did you mean strategy?',
  },
  {
    given: { strategy: { kind: 'blue-green', wram: '5m' } },
    says: 'services.web.x-timonel.strategy: unknown key wram',
    hints: 'did you mean warm?',
  },
  {
    given: { probe: { http: { path: '/x', prot: 1 } } },
    says: 'services.web.x-timonel.probe.http: unknown key prot',
    hints: 'did you mean port?',
  },
  {
    given: { route: [{ host: 'a', path: 'x' }] },
    says: 'services.web.x-timonel.route.0.path: Invalid string: must start with "/"',
  },
  { given: { observe: '5 parsecs' }, says: 'services.web.x-timonel.observe: a duration such as 30s, 1m30s or 500ms' },
  {
    given: { probe: { http: '/x', tcp: 80 } },
    says: 'services.web.x-timonel.probe: exactly one of http, tcp, command, log, running',
  },
];

for (const { given, says, hints } of refused) {
  test(`refuses ${JSON.stringify(given)}`, () => {
    const { findings } = read(given);
    assert.deepEqual(
      findings.map((one) => say(one.said, 'en')),
      [says],
    );
    const spanish = findings.map((one) => say(one.said, 'es')).join();
    assert.doesNotMatch(spanish, / (such|must|expected|exactly|received|unknown|or) /);
    if (hints !== undefined) assert.equal(findings[0] && sayHint(findings[0].said, 'en'), hints);
    assert.ok(findings[0]?.at, 'the finding has a place');
  });
}

test('reads every form of a duration as milliseconds', () => {
  for (const [text, ms] of [
    ['1m30s', 90_000],
    ['500ms', 500],
    [2, 2000],
    ['0', 0],
  ] as const) {
    assert.equal(read({ observe: text }).services.web?.observe, ms);
  }
});

test('a service without x-timonel has empty settings and no finding', () => {
  const result = read(undefined);
  assert.deepEqual(result.services.web, {});
  assert.deepEqual(result.findings, []);
});
