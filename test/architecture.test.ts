import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';

/*
 * DESIGN section 3, read off the import lines: features meet in model and do not know each other, only the ring at the
 * edge touches the outside, and time and chance are arguments.
 */

const root = fileURLToPath(new URL('..', import.meta.url));
const src = join(root, 'src');

const inner = ['core', 'model', 'world'];
const features = [
  'compose',
  'settings',
  'routing',
  'rollout',
  'balancer',
  'probes',
  'checks',
  'doctor',
  'backups',
  'monitor',
  'nginx',
  'policy',
];

/** What a folder of src/ may import of the others; its own files are always allowed. */
const allowed: Readonly<Record<string, readonly string[]>> = {
  core: [],
  model: ['core'],
  world: ['core', 'model'],
  ...Object.fromEntries(features.map((feature) => [feature, inner])),
  engine: [...inner, ...features],
  // The proxy's adapter writes what the pure balancer renders; routes need the schema of x-timonel.
  adapters: [...inner, 'balancer'],
  routing: [...inner, 'settings'],
  daemon: [...inner, ...features, 'engine'],
  cli: [...inner, 'compose', 'nginx', 'daemon', 'engine'],
  web: [...inner],
};

/** Composition roots: the only files that may import adapters. */
const wires = new Set(['daemon/wire.ts', 'cli/wire.ts']);

const edge = new Set(['adapters', 'daemon', 'cli', 'web']);
const pureBuiltins = new Set(['node:path', 'node:crypto', 'node:util', 'node:url', 'node:buffer']);

const files = readdirSync(src, { recursive: true, encoding: 'utf8' })
  .filter((path) => path.endsWith('.ts') && !path.endsWith('.test.ts'))
  .map((path) => ({ path, folder: path.split('/')[0] ?? '', text: readFileSync(join(src, path), 'utf8') }));

function importsOf(file: (typeof files)[number]): string[] {
  const found = [...file.text.matchAll(/(?:\bfrom\s+|\bimport\s*\(\s*|^import\s+)'([^']+)'/gm)].map(
    (match) => match[1] ?? '',
  );
  return found.map((name) =>
    name.startsWith('.') ? `#${relative(src, resolve(src, dirname(file.path), name))}` : name,
  );
}

test('source files are found', () => {
  assert.ok(files.length > 30, `only ${files.length} files under src/`);
});

test('folders import only what their layer may', () => {
  const breaches = files.flatMap((file) =>
    importsOf(file)
      .filter((name) => name.startsWith('#'))
      .map((name) => name.slice(1).split('/')[0] ?? '')
      .filter((folder) => folder !== file.folder && !wires.has(file.path))
      .filter((folder) => !(allowed[file.folder] ?? []).includes(folder))
      .map((folder) => `src/${file.path} imports ${folder}/`),
  );
  assert.deepEqual(breaches, []);
});

test('every folder of src/ has a layer', () => {
  const unknown = [...new Set(files.map((file) => file.folder))].filter((folder) => !(folder in allowed));
  assert.deepEqual(unknown, []);
});

test('only the edge touches the outside', () => {
  const breaches = files
    .filter((file) => !edge.has(file.folder))
    .flatMap((file) =>
      importsOf(file)
        .filter((name) => name.startsWith('node:') && !pureBuiltins.has(name))
        .map((name) => `src/${file.path} imports ${name}`),
    );
  assert.deepEqual(breaches, []);
});

test('time, chance and environment are arguments', () => {
  const ambient = /\b(process\.env|Date\.now|Math\.random|new Date\(\)|setTimeout\(|setInterval\(|(?<![.\w])fetch\()/;
  const breaches = files
    .filter((file) => !edge.has(file.folder))
    .flatMap((file) =>
      file.text
        .split('\n')
        .filter((line) => !/^\s*(\/?\*|\/\/)/.test(line) && ambient.test(line))
        .map((line) => `src/${file.path}: ${line.trim()}`),
    );
  assert.deepEqual(breaches, []);
});

test('no file is longer than one idea', () => {
  const long = files.filter((file) => file.text.split('\n').length > 400).map((file) => file.path);
  assert.deepEqual(long, []);
});
