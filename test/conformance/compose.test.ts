import assert from 'node:assert/strict';
import { test } from 'node:test';
import { renderProject } from '#compose/config.ts';
import type { LoadResult } from '#compose/load.ts';
import { interpolate } from '#compose/phases/interpolate.ts';
import { merge } from '#compose/phases/merge.ts';
import { makeUnique } from '#compose/phases/unique.ts';
import { checkShape } from '#compose/schema/check.ts';
import { projectShape } from '#compose/schema/project.ts';
import { fromPlain, toPlain } from '#compose/tree/plain.ts';
import { Report } from '#compose/tree/report.ts';
import { SourceText } from '#compose/tree/source.ts';
import { parseDotenv } from '#compose/values/dotenv.ts';
import { parsePort } from '#compose/values/port.ts';
import { substitute } from '#compose/values/template.ts';
import { parseVolume } from '#compose/values/volume.ts';
import { TimonelError } from '#core/errors.ts';
import { say } from '#core/messages/say.ts';
import {
  type Case,
  type CorpusCase,
  folder,
  isPresent,
  type LoadArguments,
  type LoadCase,
  readCases,
  readCorpus,
} from './cases.ts';
import { comparable, type Difference, differences, mapTexts, withFolders } from './compare.ts';
import { type Example, readExamples } from './examples.ts';
import { errorTexts, load, materialise } from './run-load.ts';
import { failure, Tally } from './tally.ts';

const isOff = process.env.TIMONEL_CONFORMANCE === 'off';
const skip = isOff && !isPresent ? 'TIMONEL_CONFORMANCE=off, and the recorded data is not here' : false;
const mark = { source: new SourceText('case', ''), offset: 0 };

test('the recorded behaviour of the reference is at hand', { skip }, () => {
  assert.ok(isPresent, `${folder} is missing; set TIMONEL_CONFORMANCE=off to go without`);
});

kind<Case & { template: string }>('template', (one) =>
  valueOrError(one, () => substitute(one.template, lookupIn(one.env))),
);

kind<Case & { content: string }>('dotenv', (one) =>
  valueOrError(one, () => {
    // Some expectations hold what an earlier file gave; the recording has that in `env`.
    const wanted = Object.keys((one.expect ?? {}) as object);
    const earlier = Object.entries(one.env).filter(([name, value]) => value !== null && wanted.includes(name));
    return { ...Object.fromEntries(earlier), ...parseDotenv(one.content, lookupIn(one.env)) };
  }),
);

kind<Case & { spec: string }>('port', (one) => valueOrError(one, () => parsePort(one.spec)));

kind<Case & { spec: string }>('volume', (one) => valueOrError(one, () => parseVolume(one.spec)));

kind<Case & { document: unknown }>('interpolate', (one) => {
  const report = new Report();
  // The reference's own test casts these two; the other cases have no such keys.
  const casts = { foo: { replicas: 'int', required: 'boolean' } } as const;
  const how = { lookup: lookupIn(one.env), report, warned: new Set<string>() };
  const tree = toPlain(interpolate(fromPlain(one.document, mark), how, [], casts));
  return treeOrFindings(one, tree, report);
});

kind<Case & { base: unknown; override: unknown; load?: LoadCase }>('merge', (one) => {
  const report = new Report();
  const merged = makeUnique(merge(fromPlain(one.base, mark), fromPlain(one.override, mark), report), report);
  const asFiles = one.load === undefined ? [] : checkLoad(one.load);
  return [...treeOrFindings(one, toPlain(merged), report), ...asFiles];
});

kind<Case & { document: unknown }>('unicity', (one) => {
  const report = new Report();
  return treeOrFindings(one, toPlain(makeUnique(fromPlain(one.document, mark), report)), report);
});

kind<Case & { document: unknown }>('schema', (one) => {
  const report = new Report();
  checkShape(fromPlain(one.document, mark), projectShape, report, []);
  return treeOrFindings(one, { valid: true }, report);
});

test('load', { skip }, (t) => {
  const tally = new Tally('load');
  for (const one of readCases<LoadCase>('load-compose-go.json')) tally.run(one.name, () => checkLoad(one));
  tally.finish((line) => t.diagnostic(line));
});

test('corpus', { skip }, (t) => {
  const tally = new Tally('corpus');
  for (const one of readCorpus()) tally.run(one.name, () => checkCorpus(one));
  tally.finish((line) => t.diagnostic(line));
});

test('examples of the reference study', { skip }, (t) => {
  const tally = new Tally('examples');
  for (const one of readExamples()) tally.run(one.name, () => checkExample(one));
  tally.finish((line) => t.diagnostic(line));
});

function kind<C extends Case>(name: string, check: (one: C) => readonly Difference[]): void {
  test(name, { skip }, (t) => {
    const tally = new Tally(name);
    for (const one of readCases<C>(`unit-${name}.json`)) tally.run(one.name, () => check(one));
    tally.finish((line) => t.diagnostic(line));
  });
}

function valueOrError(one: Case, compute: () => unknown): readonly Difference[] {
  try {
    const value = compute();
    if (one.error !== undefined) return [failure(`no error, expected: ${one.error}`)];
    return differences(comparable(value), comparable(one.expect));
  } catch (error) {
    if (!(error instanceof TimonelError)) throw error;
    return one.error === undefined ? [failure(error.message)] : missingMentions(one, error.message);
  }
}

function treeOrFindings(one: Case, tree: unknown, report: Report): readonly Difference[] {
  const texts = report.findings().map((finding) => `${finding.at?.path ?? ''} ${say(finding.said, 'en')}`);
  if (report.hasErrors)
    return one.error === undefined ? [failure(texts.join('\n'))] : missingMentions(one, texts.join('\n'));
  if (one.error !== undefined) return [failure(`no error, expected: ${one.error}`)];
  return differences(comparable(tree), comparable(one.expect));
}

function checkLoad(one: LoadCase): readonly Difference[] {
  using world = materialise(one);
  const result = load(world.folder, one.args, one.env);
  if (one.error !== undefined) return checkRefused(one, result, world.folder);
  const disabled = one.expect_disabled_services ?? [];
  return [
    ...checkModel(result, withFolders(one.expect, world.folder)),
    ...(one.project === undefined || result.project?.name === one.project ? [] : [failure('the name differs')]),
    ...(disabled.length === 0 ? [] : differences(Object.keys(result.disabledServices).toSorted(), disabled.toSorted())),
    ...checkReload(result, world.folder, one.args),
  ];
}

function checkCorpus(one: CorpusCase): readonly Difference[] {
  const result = load(one.folder, one.args, one.env);
  if (one.error === undefined) {
    const model = checkModel(result, withFolders(one.expect, one.folder));
    return [...model, ...checkReload(result, one.folder, one.args)];
  }
  const refused = checkRefused(one, result, one.folder);
  if (one.relaxed === undefined) return refused;
  const relaxed = load(one.folder, { ...one.args, ...one.relaxed.args }, one.env);
  return [...refused, ...checkModel(relaxed, withFolders(one.relaxed.expect, one.folder))];
}

function checkExample(one: Example): readonly Difference[] {
  using world = materialise(one);
  const result = load(world.folder, one.args, one.env);
  const texts = errorTexts(result);
  if (one.args.variables === true) {
    const names = result.variables.map((variable) => variable.name);
    return differences(names, ['A', 'B', 'C', 'D', 'E', 'F']);
  }
  if (one.isError) return texts.length > 0 ? [] : [failure('no error')];
  if (texts.length > 0) return [failure(texts.join('\n'))];
  if (one.values.length === 0) return [failure('the example expects nothing')];
  return one.values.flatMap(({ path, value }) => {
    const actual = valueAt(result.project, path);
    return differences(comparable(actual), comparable(withFolders(value, world.folder)), path);
  });
}

function valueAt(model: unknown, path: string): unknown {
  let at = model;
  for (const step of path.split('.')) at = (at as Readonly<Record<string, unknown>> | undefined)?.[step];
  return at;
}

function checkModel(result: LoadResult, expected: unknown): readonly Difference[] {
  const texts = errorTexts(result);
  if (texts.length > 0) return [failure(`refused: ${texts.join('\n')}`)];
  return differences(comparable(result.project), comparable(expected));
}

function checkRefused(one: Case, result: LoadResult, world: string): readonly Difference[] {
  const texts = errorTexts(result);
  if (texts.length === 0) return [failure(`accepted, expected: ${one.error}`)];
  const unplaced = texts.filter((text) => !/^[^:]+:\d+:\d+ /.test(text));
  return [
    ...missingMentions(withFolders(one, world), texts.join('\n')),
    ...unplaced.map((text) => failure(`no place: ${text}`)),
  ];
}

/**
 * Names and paths that the message must have. The reference writes one path in three ways (`a.[]`, `a.0`, `a[b].c`);
 * here it is always written with dots.
 */
function missingMentions(one: Case, text: string): Difference[] {
  const dotted = (mention: string): string => mention.replaceAll('[]', '0').replace(/\[([^\]]+)\]/g, '.$1');
  const missing = (one.error_mentions ?? []).filter(
    (mention) => !text.includes(mention) && !text.includes(dotted(mention)),
  );
  return missing.map((mention) => failure(`"${mention}" is missing in: ${text}`));
}

/** What is printed and loaded again gives the same model, as YAML and as JSON. */
function checkReload(result: LoadResult, world: string, before: LoadArguments): readonly Difference[] {
  const { project } = result;
  if (project === undefined) return [];
  // Values are written with every dollar doubled; keys are never interpolated, and no file here has a dollar in one.
  const escaped = mapTexts(project, (text) => text.replaceAll('$', '$$$$')) as typeof project;
  const args = {
    files: ['-'],
    all_resources: true,
    no_consistency: true,
    no_path_resolution: before.no_path_resolution === true,
    profiles: ['*'],
    project_name: project.name,
  };
  return (['yaml', 'json'] as const).flatMap((format) => {
    const again = load(world, args, {}, renderProject(escaped, format, { escapeDollars: false }));
    const texts = errorTexts(again);
    if (texts.length > 0) return [{ at: 'reload', text: `reload as ${format}: ${texts.join('\n')}` }];
    return differences(comparable(again.project), comparable(project)).map((one) => ({
      at: 'reload',
      text: `reload as ${format} ${one.text}`,
    }));
  });
}

function lookupIn(env: Case['env']): (name: string) => string | undefined {
  return (name) => (Object.hasOwn(env, name) ? (env[name] ?? undefined) : undefined);
}
