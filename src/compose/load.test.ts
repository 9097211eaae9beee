import assert from 'node:assert/strict';
import { test } from 'node:test';
import { say } from '#core/messages/say.ts';
import { type MemoryTree, memoryFiles } from '../../test/support/memory-files.ts';
import { type LoadRequest, type LoadResult, loadProject } from './load.ts';

const files = (compose: string, more: MemoryTree['files'] = {}): MemoryTree => ({
  files: { '/p/compose.yaml': compose, ...more },
});

test('a value is located where it was set last, in whatever form it was written', () => {
  const result = load(
    files(
      'services:\n  web:\n    image: i\n    labels:\n      - traefik.enable=true\n    ports: ["80:80", "90-91:90-91"]\n',
      {
        '/p/compose.override.yaml': 'services:\n  web:\n    image: j\n    environment: {A: 1}\n',
      },
    ),
  );
  const places: readonly [path: readonly (string | number)[], place: string][] = [
    [['services', 'web', 'image'], 'compose.override.yaml:3:5'],
    [['services', 'web', 'labels', 'traefik.enable'], 'compose.yaml:5:9'],
    [['services', 'web', 'labels', 'unknown'], 'compose.yaml:4:5'],
    [['services', 'web', 'ports', 0], 'compose.yaml:6:13'],
    [['services', 'web', 'ports', 2, 'target'], 'compose.yaml:6:22'],
    [['services', 'web', 'environment', 'A'], 'compose.override.yaml:4:19'],
    [['services', 'nobody'], 'compose.override.yaml:1:1'],
  ];
  for (const [path, expected] of places) {
    const at = result.sources.locate(path);
    assert.equal(`${at?.file}:${at?.line}:${at?.column}`, expected, path.join('.'));
  }
});

test('a value that was extended or included is located in its own file', () => {
  const result = load(
    files('include: [sub/c.yaml]\nservices:\n  web:\n    extends: {file: base.yaml, service: b}\n', {
      '/p/base.yaml': 'services:\n  b:\n    image: i\n',
      '/p/sub/c.yaml': 'services:\n  db:\n    image: d\n',
    }),
  );
  assert.equal(result.sources.locate(['services', 'web', 'image'])?.file, 'base.yaml');
  assert.equal(result.sources.locate(['services', 'db', 'image'])?.file, 'sub/c.yaml');
});

test('all findings are reported in one run, by place', () => {
  const result = load(
    files(
      'services:\n  a:\n    image: i\n    imag: j\n    ports: ["x:1"]\n    tty: "perhaps"\n  b:\n    image: [1]\n    stop_grace_period: "10"\nvolumes: []\n',
    ),
  );
  assert.equal(result.project, undefined);
  assert.deepEqual(errors(result), [
    '4:5 COMPOSE_UNKNOWN_KEY',
    '5:13 COMPOSE_PORT_NUMBER',
    '6:10 COMPOSE_CAST',
    '8:12 COMPOSE_WRONG_TYPE',
    '9:24 COMPOSE_DURATION',
    '10:10 COMPOSE_WRONG_TYPE',
  ]);
});

test('one cause gives one finding, also when several files are merged', () => {
  const result = load(
    files('services:\n  a: {image: 1}\n', { '/p/compose.override.yaml': 'services: {b: {image: x}}\n' }),
  );
  assert.deepEqual(errors(result), ['2:14 COMPOSE_WRONG_TYPE']);
});

test('an unset variable is warned of once, at its first place', () => {
  const result = load(files('services:\n  a: {image: "i:${V}"}\n  b: {image: "j:${V}"}\n'));
  assert.deepEqual(
    result.findings.map(({ said, at }) => `${at?.line}:${at?.column} ${said.code}`),
    ['2:14 COMPOSE_VARIABLE_UNSET'],
  );
});

test('values of secrets and configs from variables stand beside the model, never in it', () => {
  const result = load(
    files(
      'services:\n  a: {image: i, secrets: [s], configs: [c]}\nsecrets: {s: {environment: TOKEN}}\nconfigs: {c: {environment: CONF}}\n',
    ),
    { env: { TOKEN: 'hunter2', CONF: 'c=1' } },
  );
  assert.equal(result.contents.secrets.s?.reveal(), 'hunter2');
  assert.equal(result.contents.configs.c?.reveal(), 'c=1');
  assert.doesNotMatch(JSON.stringify([result.project, result.findings, result.contents]), /hunter2|c=1/);
});

test('every file that was read is named, so that it can be watched', () => {
  const result = load(
    files('include: [sub/c.yaml]\nservices:\n  a: {image: i, env_file: e.env, extends: {file: b.yaml, service: s}}\n', {
      '/p/.env': 'X=1\n',
      '/p/e.env': 'A=1\n',
      '/p/b.yaml': 'services: {s: {image: i}}\n',
      '/p/sub/c.yaml': 'services: {c: {image: i}}\n',
    }),
  );
  assert.deepEqual(result.files.toSorted(), ['/p/.env', '/p/b.yaml', '/p/compose.yaml', '/p/e.env', '/p/sub/c.yaml']);
  assert.equal(result.directory, '/p');
});

test('a link that leaves the project is followed, with a warning', () => {
  const result = load({
    files: {
      '/p/compose.yaml': 'include: [c.yaml]\nservices: {a: {image: i}}\n',
      '/etc/c.yaml': 'services: {b: {image: i}}\n',
    },
    links: { '/p/c.yaml': '/etc/c.yaml' },
  });
  assert.deepEqual(Object.keys(result.project?.services ?? {}).toSorted(), ['a', 'b']);
  assert.deepEqual(
    result.findings.map(({ said, at }) => `${at?.line}:${at?.column} ${said.code}`),
    ['1:11 COMPOSE_LINK_LEAVES_PROJECT'],
  );
});

test('files that include one another through links end in an error', () => {
  const result = load({
    files: { '/p/compose.yaml': 'include: [sub/compose.yaml]\nservices: {a: {image: i}}\n' },
    links: { '/p/sub': '.' },
  });
  assert.deepEqual(errors(result), ['1:11 COMPOSE_INCLUDE_CYCLE']);
});

test('a chain of includes without end is cut', () => {
  const chain = Object.fromEntries(
    Array.from({ length: 80 }, (_, n) => [`/p/${n}.yaml`, `include: [${n + 1}.yaml]\nservices: {s${n}: {image: i}}\n`]),
  );
  const result = load(files('include: [0.yaml]\n', chain));
  assert.match(errors(result).join(), /COMPOSE_INCLUDE_TOO_DEEP/);
});

test('a chain of extends without end is cut', () => {
  const services = Array.from({ length: 400 }, (_, n) => `  s${400 - n}: {image: i, extends: s${400 - n - 1}}`);
  const result = load(files(`services:\n${services.join('\n')}\n  s0: {image: i}\n`));
  assert.match(errors(result).join(), /COMPOSE_EXTENDS_TOO_DEEP/);
});

test('a file that is too large is not read', () => {
  const result = load(files(`x-a: "${'y'.repeat(10_000_000)}"\n`));
  assert.deepEqual(errors(result), ['1:1 COMPOSE_FILE_TOO_LARGE']);
});

test('port ranges cannot exhaust the machine', { timeout: 20_000 }, () => {
  const ports = Array.from({ length: 50 }, (_, n) => `"127.0.0.${n}:1-65535:1-65535"`).join(', ');
  assert.deepEqual(errors(load(files(`services: {a: {image: i, ports: [${ports}]}}\n`))), [
    '1:121 COMPOSE_TOO_MANY_PORTS',
  ]);
});

test('a file with a million faults gives a list that can be read', () => {
  const keys = Array.from({ length: 5000 }, (_, n) => `    key${n}: 1`).join('\n');
  const result = load(files(`services:\n  a:\n    image: i\n${keys}\n`));
  assert.equal(result.findings.length, 1001);
  assert.equal(result.findings.at(-1)?.said.code, 'COMPOSE_MORE_FINDINGS');
});

test('remote references are refused with a way out', () => {
  const result = load(files('include: ["oci://registry/x", "https://host/c.yaml"]\nservices: {a: {image: i}}\n'));
  assert.deepEqual(errors(result), ['1:11 COMPOSE_REMOTE', '1:31 COMPOSE_REMOTE']);
});

test('bytes that are no UTF-8 are refused', () => {
  const result = load({ files: { '/p/compose.yaml': new Uint8Array([0x61, 0x3a, 0x20, 0xff]) } });
  assert.deepEqual(errors(result), ['1:1 COMPOSE_FILE_UNREADABLE']);
});

test('standard input is a file like any other', () => {
  const result = load({ files: {}, directories: ['/p'] }, { files: ['-'], stdin: 'services: {a: {image: i}}\n' });
  assert.deepEqual(Object.keys(result.project?.services ?? {}), ['a']);
  assert.equal(result.project?.name, 'p');
});

test('every finding has a place and words in both languages', () => {
  const result = load(
    files('services:\n  a: {image: 5, depends_on: [zz], nets: 1}\n  b: *x\n', { '/p/.env': 'A B=1\n' }),
  );
  assert.ok(result.findings.length > 0);
  for (const { said, at } of result.findings) {
    assert.ok(at !== undefined && at.line > 0 && at.column > 0);
    assert.notEqual(say(said, 'es'), say(said, 'en'));
  }
});

function load(tree: MemoryTree, request: Partial<LoadRequest> = {}): LoadResult {
  return loadProject({ cwd: '/p', env: {}, ...request }, memoryFiles(tree));
}

function errors(result: LoadResult): string[] {
  return result.findings
    .filter(({ severity }) => severity === 'error')
    .map(({ said, at }) => `${at?.line}:${at?.column} ${said.code}`);
}
