import assert from 'node:assert/strict';
import { globSync, readFileSync } from 'node:fs';
import process from 'node:process';
import test from 'node:test';
import { isAlias, isMap, isScalar, isSeq, type Pair, parseAllDocuments } from 'yaml';
import { readerOptions } from '#compose/yaml/parse.ts';
import { readQuickly } from '#compose/yaml/quick.ts';
import { folder } from '../conformance/cases.ts';
import { parseGolden } from '../support/golden.ts';
import { mutate, seeded } from './mutate.ts';

/*
 * What is read quickly is what the package reads, node for node and place for place, and never a text that the package
 * refuses. Golden cases and real files, as they are and changed at random. QUICK_SEED and QUICK_TEXTS choose another run.
 */

const seed = Number(process.env.QUICK_SEED ?? 20_261_130);
const count = Number(process.env.QUICK_TEXTS ?? 4000);
const golden = new URL('../golden/compose/', import.meta.url).pathname;
const cases = globSync('**/*.txt', { cwd: golden }).toSorted();
const written = cases.flatMap((path) => Object.values(parseGolden(readFileSync(`${golden}${path}`, 'utf8')).files));
const real = globSync('corpus/**/*.{yml,yaml}', { cwd: folder }).toSorted();
const texts = [...written, ...real.map((path) => readFileSync(`${folder}/${path}`, 'utf8').replace(/^\uFEFF/, ''))];

test('what is written is read as the package reads it', (t) => {
  const quick = texts.filter(isReadAlike).length;
  t.diagnostic(`${quick} of ${texts.length} texts were read quickly`);
  assert.ok(quick > texts.length / 3);
});

test(`${count} changed texts are read as the package reads them, or left to it (QUICK_SEED=${seed})`, (t) => {
  const random = seeded(seed);
  const pick = () => excerpt(texts[random(texts.length)] ?? '', random(60));
  let quick = 0;
  for (let left = count; left > 0; left--) if (isReadAlike(mutate(pick(), pick(), random))) quick++;
  t.diagnostic(`${quick} of ${count} changed texts were read quickly`);
  assert.ok(quick > count / 10);
});

/** Long enough for every construct, short enough for thousands of them. */
function excerpt(text: string, lines: number): string {
  return text.split('\n', 5 + lines).join('\n');
}

/** @returns whether it was read at all */
function isReadAlike(text: string): boolean {
  const quick = readQuickly(text);
  if (quick === undefined) return false;
  const documents = parseAllDocuments(text, readerOptions);
  assert.ok(Array.isArray(documents) && documents.length === 1, JSON.stringify(text));
  assert.deepEqual(documents[0]?.errors, [], JSON.stringify(text));
  assert.deepEqual(outline(quick), outline(documents[0]?.contents), JSON.stringify(text));
  return true;
}

/** Everything of a node that the conversion looks at. */
function outline(node: unknown): unknown {
  const { anchor, tag, range } = node as { anchor?: string; tag?: string; range?: readonly number[] };
  const place = [anchor, tag, range?.[0]];
  if (isAlias(node)) return ['alias', node.source, ...place];
  if (isMap(node))
    return ['map', ...place, ...node.items.map((pair: Pair) => [outline(pair.key), outline(pair.value)])];
  if (isSeq(node)) return ['list', ...place, ...node.items.map(outline)];
  if (!isScalar(node)) return String(node);
  const isPlain = node.type === 'PLAIN' || node.type === undefined;
  return [isPlain ? 'plain' : node.type, node.value ?? '', node.source === '<<', ...place];
}
