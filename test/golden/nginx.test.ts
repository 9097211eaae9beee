import assert from 'node:assert/strict';
import { globSync, readFileSync, writeFileSync } from 'node:fs';
import test from 'node:test';
import { fileURLToPath } from 'node:url';
import { importCase, loadImported, parseNginxCase } from '../support/nginx-case.ts';

/*
 * Every file of nginx/ is one case (test/support/nginx-case.ts says how it is written). The nginx files of the guides
 * stand there as they are printed. `TIMONEL_ACCEPT=1 node --test test/golden/nginx.test.ts` writes what is found now
 * into them; read the diff.
 */

const root = fileURLToPath(new URL('nginx/', import.meta.url));
const paths = globSync('*.txt', { cwd: root }).toSorted();

test('the cases are found', () => assert.ok(paths.length >= 12, `only ${paths.length}`));

for (const path of paths) {
  const text = readFileSync(`${root}${path}`, 'utf8');
  const golden = parseNginxCase(text);
  test(`${path.replace('.txt', '')}: ${golden.title}`, () => {
    const found = importCase(golden);
    if (process.env.TIMONEL_ACCEPT !== undefined) {
      const input = text.split(/^--- (?:compose|findings) ---\n/m)[0] ?? '';
      const compose = found.compose === '' ? '' : `--- compose ---\n${found.compose}`;
      writeFileSync(`${root}${path}`, `${input}${compose}${found.findings === '' ? '' : `--- findings ---\n${found.findings}\n`}`);
      return;
    }
    assert.equal(found.compose, golden.compose);
    assert.equal(found.findings, golden.findings);
    assert.ok(found.places, 'every finding has a place');
    if (found.compose === '') return;
    const { routes, problems } = loadImported(found.compose);
    assert.deepEqual(problems, []);
    assert.ok(routes.length > 0);
  });
}
