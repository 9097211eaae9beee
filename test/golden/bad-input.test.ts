import assert from 'node:assert/strict';
import { posix } from 'node:path';
import process from 'node:process';
import test from 'node:test';
import { type LoadRequest, type LoadResult, loadProject } from '#compose/load.ts';
import type { Code } from '#core/messages/catalogue.ts';
import { type MemoryTree, memoryFiles } from '../support/memory-files.ts';

/*
 * Input that is hostile, broken or merely huge: too large for files of their own, so it is made here. Each load ends
 * soon, with a finding that has a place. (Small bad input: the golden cases `limits` and `yaml`.)
 */

const folder = '/srv/projects/proj';
/** Processor time, which other work on the machine does not add to. Generous: the slowest of these takes some 300 ms. */
const patienceMs = 10_000;

function load(files: MemoryTree['files'], request: Partial<LoadRequest> = {}, links: MemoryTree['links'] = {}): LoadResult {
  const below = <T>(tree: Readonly<Record<string, T>>): Record<string, T> =>
    Object.fromEntries(Object.entries(tree).map(([path, value]) => [posix.join(folder, path), value]));
  const before = process.threadCpuUsage();
  const tree = { files: below(files), links: below(links), directories: [folder] };
  const result = loadProject({ cwd: folder, env: { HOME: '/root' }, ...request }, memoryFiles(tree));
  const { user, system } = process.threadCpuUsage(before);
  assert.ok((user + system) / 1000 < patienceMs, 'it took too long');
  for (const { said, at } of result.findings) assert.ok(at, `${said.code} has no place`);
  return result;
}

function codesOf(result: LoadResult): string[] {
  return [...new Set(result.findings.map(({ severity, said }) => `${severity} ${said.code}`))].toSorted();
}

function refused(result: LoadResult, code: Code): void {
  assert.equal(result.project, undefined);
  assert.ok(codesOf(result).includes(`error ${code}`), `${code} is not among ${codesOf(result).join(', ')}`);
}

const service = 'services:\n  web: {image: nginx}\n';

test('billion laughs, in lists and in mappings', () => {
  const lists = Array.from({ length: 30 }, (_, level) => `x-${level}: &l${level} [${`*l${level - 1}, `.repeat(9)}x]\n`);
  refused(load({ 'compose.yaml': lists.join('').replaceAll('*l-1, ', 'a, ') + service }), 'COMPOSE_YAML_TOO_MANY_VALUES');
  const maps = Array.from(
    { length: 30 },
    (_, level) => `x-${level}: &m${level} {${[1, 2, 3, 4, 5, 6, 7, 8, 9].map((key) => `k${key}: *m${level - 1}`).join(', ')}}\n`,
  );
  refused(load({ 'compose.yaml': maps.join('').replaceAll('*m-1', 'a') + service }), 'COMPOSE_YAML_TOO_MANY_VALUES');
});

test('one large anchor, named often', () => {
  const large = `x-large: &large [${'x, '.repeat(5000)}x]\n`;
  const uses = Array.from({ length: 1000 }, (_, index) => `x-${index}: *large\n`).join('');
  refused(load({ 'compose.yaml': large + uses + service }), 'COMPOSE_YAML_TOO_MANY_VALUES');
});

test('merge keys of merge keys', () => {
  const levels = Array.from({ length: 40 }, (_, level) =>
    level === 0 ? 'x-0: &a0 {k0: v}\n' : `x-${level}: &a${level} {<<: [*a${level - 1}, *a${level - 1}], k${level}: v}\n`,
  );
  load({ 'compose.yaml': levels.join('') + service });
});

test('a file of 10 MB, whatever is in it', () => {
  for (const filling of ['# comment comment comment\n', '  a: {image: b}\n', 'x', '[', '"', '- - - - \n', '\n']) {
    const text = `services:\n${filling.repeat(Math.ceil(10_000_000 / filling.length))}`;
    refused(load({ 'compose.yaml': text }), 'COMPOSE_FILE_TOO_LARGE');
  }
});

test('a file just within the bound, whatever is in it', () => {
  for (const filling of ['# comment\n', 'x', '"', '\n', '- ', 'a: ', '{a: ', ']']) {
    load({ 'compose.yaml': `services: ${filling.repeat(Math.floor(8_000_000 / filling.length))}` });
  }
});

test('a large value within the bound is kept whole', () => {
  const value = 'x'.repeat(4_000_000);
  const result = load({ 'compose.yaml': `services:\n  web:\n    image: nginx\n    environment: {A: "${value}"}\n` });
  assert.equal(result.project?.services.web?.environment?.A, value);
});

test('nesting, in flow and in block style', () => {
  for (const depth of [201, 5_000, 200_000]) {
    refused(load({ 'compose.yaml': `x-a: ${'['.repeat(depth)}${']'.repeat(depth)}\n${service}` }), 'COMPOSE_YAML_TOO_DEEP');
    refused(load({ 'compose.yaml': `x-a: ${'{a: '.repeat(depth)}b${'}'.repeat(depth)}\n${service}` }), 'COMPOSE_YAML_TOO_DEEP');
    refused(load({ 'compose.yaml': `x-a:\n ${'- '.repeat(depth)}b\n${service}` }), 'COMPOSE_YAML_TOO_DEEP');
  }
  const block = Array.from({ length: 1_000 }, (_, level) => `${' '.repeat(level)}x-a:\n`).join('');
  refused(load({ 'compose.yaml': block }), 'COMPOSE_YAML_TOO_DEEP');
});

test('nesting through aliases', () => {
  const levels = Array.from({ length: 300 }, (_, level) => `x-${level}: &n${level} [${level === 0 ? '' : `*n${level - 1}`}]\n`);
  refused(load({ 'compose.yaml': levels.join('') + service }), 'COMPOSE_YAML_TOO_DEEP');
});

test('brackets that never close', () => {
  for (const open of ['[', '{', '[{', '- [']) {
    assert.equal(load({ 'compose.yaml': `services: ${open.repeat(100_000)}` }).project, undefined);
  }
});

test('a chain of includes without end', () => {
  const files = Object.fromEntries(
    Array.from({ length: 2_000 }, (_, index) => [`f${index}.yaml`, `include: [f${index + 1}.yaml]\n`]),
  );
  refused(load({ ...files, 'compose.yaml': `include: [f0.yaml]\n${service}` }), 'COMPOSE_INCLUDE_TOO_DEEP');
});

test('includes that multiply', () => {
  const files = Object.fromEntries(
    Array.from({ length: 20 }, (_, index) => [
      `f${index}.yaml`,
      index === 19 ? service : `include: [f${index + 1}.yaml, {path: [f${index + 1}.yaml]}]\n`,
    ]),
  );
  load({ ...files, 'compose.yaml': 'include: [f0.yaml]\n' });
});

test('a chain of extends without end, in one file and over many', () => {
  const chain = Array.from({ length: 2_000 }, (_, index) => `  s${index}: {extends: s${index + 1}}\n`).join('');
  refused(load({ 'compose.yaml': `services:\n${chain}  s2000: {image: i}\n` }), 'COMPOSE_EXTENDS_TOO_DEEP');
  const files = Object.fromEntries(
    Array.from({ length: 1_500 }, (_, index) => [
      `f${index}.yaml`,
      `services:\n  s: {extends: {file: f${index + 1}.yaml, service: s}}\n`,
    ]),
  );
  refused(load({ ...files, 'compose.yaml': 'services:\n  s: {extends: {file: f0.yaml, service: s}}\n' }), 'COMPOSE_EXTENDS_TOO_DEEP');
});

test('more files than anybody has', () => {
  const names = Array.from({ length: 1_200 }, (_, index) => `f${index}.env`);
  const files = Object.fromEntries(names.map((name) => [name, 'A=1\n']));
  const text = `services:\n  web: {image: nginx, env_file: [${names.join(', ')}]}\n`;
  refused(load({ ...files, 'compose.yaml': text }), 'COMPOSE_TOO_MANY_FILES');
});

test('port ranges that make more ports than a machine has', () => {
  const ranges = Array.from({ length: 40 }, (_, index) => `  s${index}: {image: i, ports: ["1-65535"]}\n`).join('');
  assert.equal(load({ 'compose.yaml': `services:\n${ranges}` }).project, undefined);
});

test('thousands of mistakes: all that are told have a place, and there is an end to them', () => {
  const services = Array.from({ length: 5_000 }, (_, index) => `  s${index}: {imagee: i, portss: [], user: [a]}\n`).join('');
  const result = load({ 'compose.yaml': `services:\n${services}` });
  assert.ok(result.findings.length > 100 && result.findings.length <= 1_100, `${result.findings.length} findings`);
});

test('dependency chains and cycles of a thousand services', () => {
  const chain = (last: string): string =>
    `services:\n${Array.from({ length: 1_000 }, (_, index) => `  s${index}: {image: i, depends_on: [s${index + 1}]}\n`).join('')}${last}`;
  assert.equal(codesOf(load({ 'compose.yaml': chain('  s1000: {image: i}\n') })).length, 0);
  refused(load({ 'compose.yaml': chain('  s1000: {image: i, depends_on: [s0]}\n') }), 'COMPOSE_DEPENDENCY_CYCLE');
});

test('variables that nest or repeat without end', () => {
  const deep = '${A:-'.repeat(1_000) + '}'.repeat(1_000);
  refused(load({ 'compose.yaml': `services:\n  web: {image: "${deep}"}\n` }), 'COMPOSE_INTERPOLATION_DEPTH');
  const wide = '${A:-x}'.repeat(200_000);
  const result = load({ 'compose.yaml': `services:\n  web: {image: "${wide}"}\n` });
  assert.equal(result.project?.services.web?.image?.length, 200_000);
});

test('a .env whose values double each other', () => {
  const lines = Array.from({ length: 60 }, (_, index) => `A${index + 1}=\${A${index}}\${A${index}}\n`);
  refused(load({ 'compose.yaml': service, '.env': `A0=xxxxxxxxxx\n${lines.join('')}` }), 'COMPOSE_INTERPOLATION_SIZE');
});

test('bytes that are no UTF-8, in every kind of file', () => {
  const bytes = Buffer.concat([Buffer.from('A=1\nB='), Buffer.from([0xff, 0xfe, 0x80]), Buffer.from('\n')]);
  refused(load({ 'compose.yaml': Buffer.concat([Buffer.from(service), Buffer.from([0xc3, 0x28])]) }), 'COMPOSE_FILE_UNREADABLE');
  refused(load({ 'compose.yaml': service, '.env': bytes }), 'COMPOSE_FILE_UNREADABLE');
  refused(load({ 'compose.yaml': 'services:\n  web: {image: i, env_file: a.env}\n', 'a.env': bytes }), 'COMPOSE_FILE_UNREADABLE');
  const utf16 = Buffer.from(`\uFEFF${service}`, 'utf16le');
  refused(load({ 'compose.yaml': utf16 }), 'COMPOSE_FILE_UNREADABLE');
});

test('links that leave the project are read, and said', () => {
  const outside = { '../outside/compose.yaml': service, '../outside/a.env': 'A=1\n', '../outside/base.yaml': service };
  const plain = load(outside, {}, { 'compose.yaml': '../outside/compose.yaml' });
  assert.deepEqual(codesOf(plain), ['warning COMPOSE_LINK_LEAVES_PROJECT']);
  assert.notEqual(plain.project, undefined);
  const text = 'include: [more.yaml]\nservices:\n  api: {image: i, env_file: a.env}\n';
  const links = { 'a.env': '../outside/a.env', 'more.yaml': '../outside/base.yaml', '.env': '../outside/a.env' };
  const result = load({ ...outside, 'compose.yaml': text }, {}, links);
  assert.deepEqual(codesOf(result), ['warning COMPOSE_LINK_LEAVES_PROJECT']);
  assert.equal(result.findings.length, 3);
});

test('links that lead nowhere or in circles', () => {
  refused(load({}, { files: ['compose.yaml'] }, { 'compose.yaml': 'gone.yaml' }), 'COMPOSE_FILE_MISSING');
  refused(load({}, { files: ['compose.yaml'] }, { 'compose.yaml': 'b.yaml', 'b.yaml': 'compose.yaml' }), 'COMPOSE_FILE_MISSING');
});

test('names that JavaScript knows', () => {
  const names = ['__proto__', 'constructor', 'prototype', 'toString', 'hasOwnProperty', 'valueOf'];
  const services = names.map((name) => `  ${name}:\n    image: i\n    environment: {${name}: a}\n    labels: {${name}: b}\n    networks: [${name}]\n`);
  const text = `services:\n${services.join('')}networks:\n${names.map((name) => `  ${name}: {}\n`).join('')}`;
  const result = load({ 'compose.yaml': text });
  assert.deepEqual(codesOf(result), []);
  assert.deepEqual(Object.keys(result.project?.services ?? {}).toSorted(), names.toSorted());
  assert.equal(Object.getPrototypeOf(result.project?.services), Object.prototype);
  refused(load({ 'compose.yaml': `${service}    constructor: {a: b}\n__proto__: {a: b}\n` }), 'COMPOSE_YAML_SYNTAX');
  refused(load({ 'compose.yaml': `${service}__proto__: {services: {}}\nconstructor: x\n` }), 'COMPOSE_UNKNOWN_KEY');
});
