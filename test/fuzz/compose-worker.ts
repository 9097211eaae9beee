import { globSync, readFileSync } from 'node:fs';
import { posix } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parentPort, workerData } from 'node:worker_threads';
import type { LoadResult } from '#compose/load.ts';
import { hasErrors } from '#core/finding.ts';
import { say, sayHint } from '#core/messages/say.ts';
import { type GoldenCase, loadGolden, parseGolden } from '../support/golden.ts';
import { mutate, seeded } from './mutate.ts';

/*
 * Loads mutated golden cases one after the other. Tells the parent before each load which one it is, so that one that
 * never ends can be named, and after the last how many there were.
 */

export type Told =
  | { readonly kind: 'begin'; readonly number: number; readonly input: GoldenCase }
  | { readonly kind: 'wrong'; readonly number: number; readonly input: GoldenCase; readonly why: string }
  | { readonly kind: 'end'; readonly loads: number; readonly accepted: number };

export interface FuzzRun {
  readonly seed: number;
  readonly loads: number;
}

const folder = '/srv/projects/proj';
const { seed, loads } = workerData as FuzzRun;
const random = seeded(seed);
const root = fileURLToPath(new URL('../golden/compose/', import.meta.url));
const paths = globSync('**/*.txt', { cwd: root }).toSorted();
const cases = paths.map((path) => parseGolden(readFileSync(`${root}${path}`, 'utf8')));
const texts = cases.flatMap(({ files }) => Object.values(files));
const tell = (told: Told): void => parentPort?.postMessage(told);

let accepted = 0;
for (let number = 0; number < loads; number++) {
  const input = mutated();
  tell({ kind: 'begin', number, input });
  const why = load(input);
  if (why !== undefined) tell({ kind: 'wrong', number, input, why });
}
tell({ kind: 'end', loads, accepted });

/** A golden case with some of its files changed. */
function mutated(): GoldenCase {
  const golden = cases[random(cases.length)] as GoldenCase;
  const names = Object.keys(golden.files);
  const chosen = names[random(names.length)];
  const files = Object.entries(golden.files).map(([name, text]) => {
    const isChanged = name === chosen || random(4) === 0;
    return [name, isChanged ? mutate(text, texts[random(texts.length)] ?? '', random) : text] as const;
  });
  return { ...golden, files: Object.fromEntries(files) };
}

function load(input: GoldenCase): string | undefined {
  try {
    const result = loadGolden(input, folder);
    if (result.project !== undefined) accepted++;
    return wrongIn(result, input);
  } catch (error) {
    return `threw ${error instanceof Error ? error.stack : String(error)}`;
  }
}

function wrongIn(result: LoadResult, input: GoldenCase): string | undefined {
  if ((result.project === undefined) !== hasErrors(result.findings)) return 'a project beside errors, or neither';
  if (result.project !== undefined) JSON.stringify(result.project);
  for (const { said, at } of result.findings) {
    if (at === undefined) return `${said.code} has no place`;
    if (!(at.line >= 1 && at.column >= 1 && at.file !== '')) return `${said.code} has the place ${JSON.stringify(at)}`;
    const text = input.files[posix.join(input.request.cwd ?? '.', at.file)];
    if (text !== undefined && at.line > text.split('\n').length) return `${said.code} is beyond the end of ${at.file}`;
    const words = [say(said, 'en'), say(said, 'es'), sayHint(said, 'en'), sayHint(said, 'es')];
    if (words.some((word) => word === '' || word?.includes('[object '))) return `${said.code} has no words`;
  }
  return undefined;
}
