import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { catalogue } from '#core/messages/catalogue.ts';
import { pages } from './generate.ts';

for (const [name, render] of Object.entries(pages)) {
  test(`docs/${name} is what the code says; otherwise run: ./timonel --node docs/generate.ts`, async () => {
    assert.equal(readFileSync(join(import.meta.dirname, name), 'utf8'), await render());
  });
}

test('docs/errors.md names every code of the catalogue and no other', () => {
  const text = readFileSync(join(import.meta.dirname, 'errors.md'), 'utf8');
  const named = [...text.matchAll(/^- `([A-Z0-9_]+)`$/gm)].map((match) => match[1]);
  assert.deepEqual(named.toSorted(), Object.keys(catalogue).toSorted());
});
