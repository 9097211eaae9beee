import assert from 'node:assert/strict';
import { globSync, readFileSync } from 'node:fs';
import { relative } from 'node:path';
import test from 'node:test';
import { fileURLToPath } from 'node:url';
import { say, sayHint } from '#core/messages/say.ts';
import { comparable, loadGolden, parseGolden, renderFindings } from '../support/golden.ts';

/*
 * Every file of compose/ is one case (test/support/golden.ts says how it is written). Models were computed by the
 * reference loader and read by us; findings are our own words. `node test/golden/accept.ts FILE…` writes changed findings.
 */

const root = fileURLToPath(new URL('compose/', import.meta.url));
const folder = '/srv/projects/proj';
const paths = globSync('**/*.txt', { cwd: root }).toSorted();

test('there are at least 250 cases', () => assert.ok(paths.length >= 250, `only ${paths.length}`));

for (const path of paths) {
  const golden = parseGolden(readFileSync(`${root}${path}`, 'utf8'));
  test(`${relative('.', path).replace(/\.txt$/, '')}: ${golden.title}`, () => {
    const result = loadGolden(golden, folder);
    assert.equal(renderFindings(result.findings, folder), golden.findings);
    assert.deepEqual(result.project && comparable(result.project, folder), golden.model);
    for (const { said, at } of result.findings) {
      assert.ok(at, `${said.code} has no place`);
      for (const text of [say(said, 'en'), say(said, 'es'), sayHint(said, 'es') ?? '']) {
        assert.doesNotMatch(text, /\bundefined\b(?! (?:service|network|volume|secret|config|model|build secret))|\[object/);
      }
    }
  });
}
