/**
 * Runs the tests by group: `npm test` runs all, `npm run check` the quick ones. Installs the programs that a group
 * needs where it may. Prints each file with its count, every failure and every skip with its reason, and the sum.
 */
import { spawnSync } from 'node:child_process';
import { existsSync, globSync } from 'node:fs';
import { relative } from 'node:path';
import process from 'node:process';
import { run } from 'node:test';
import type { TestEvent } from 'node:test/reporters';
import { fileURLToPath } from 'node:url';
import { renderDuration } from '#core/duration.ts';

const root = fileURLToPath(new URL('..', import.meta.url));

interface Group {
  readonly name: string;
  /** Files run side by side; 1 where they load the machine or share ports. */
  readonly concurrency: number;
  readonly files: readonly string[];
  /** A file that fails is run once more, alone: these tests measure time on a machine that others may load. */
  readonly secondTry?: boolean;
  /** Debian packages without which the group cannot run, each with a file that shows that it is there. */
  readonly needs?: Readonly<Record<string, string>>;
}

const servers = {
  haproxy: '/usr/sbin/haproxy',
  'redis-server': '/usr/bin/redis-server',
  'poppler-utils': '/usr/bin/pdftotext',
};
const postgres = { 'postgresql-15': '/usr/lib/postgresql/15/bin/postgres' };
const docker = { 'docker.io': '/usr/sbin/dockerd', iptables: '/usr/sbin/iptables' };

const quick: readonly Group[] = [
  {
    name: 'unit',
    concurrency: 2,
    files: ['src/**/*.test.ts', 'systems/*/src/**/*.test.ts', 'test/*.test.ts', 'docs/*.test.ts'],
  },
  { name: 'conformance', concurrency: 1, files: ['test/conformance/**/*.test.ts', 'test/golden/*.test.ts'] },
  { name: 'fuzz', concurrency: 1, files: ['test/fuzz/**/*.test.ts'] },
];

const slow: readonly Group[] = [
  {
    name: 'contracts',
    concurrency: 1,
    secondTry: true,
    files: ['test/contracts/**/*.test.ts'],
    needs: { ...servers, ...postgres, ...docker },
  },
  {
    name: 'integration',
    concurrency: 1,
    secondTry: true,
    files: ['test/integration/**/*.test.ts'],
    needs: { ...servers, ...postgres, ...docker, pebble: '/usr/bin/pebble' },
  },
  { name: 'systems', concurrency: 1, secondTry: true, files: ['test/systems/**/*.test.ts'], needs: servers },
  {
    name: 'faults',
    concurrency: 1,
    secondTry: true,
    files: ['test/faults/**/*.test.ts'],
    needs: { ...servers, ...docker },
  },
];

interface Tally {
  passed: number;
  failed: number;
  skipped: number;
  todo: number;
}

/** No file may hang the run: this is far beyond what the longest needs. */
const longestFileMs = 20 * 60_000;

const summaryLine = /^(tests|suites|pass|fail|cancelled|skipped|todo|duration_ms) /;

const wanted = process.argv.slice(2);
const sum: Tally = { passed: 0, failed: 0, skipped: 0, todo: 0 };

if (wanted.length === 0 || wanted.includes('check')) {
  runTool('types', 'tsc', ['--noEmit']);
  runTool('lint and format', 'biome', ['check', '--error-on-warnings', '.']);
}
for (const group of chosenGroups()) await runGroup(group);

console.log(`\n${sum.passed} passed, ${sum.failed} failed, ${sum.skipped} skipped`);
if (sum.todo > 0) console.log(`(${sum.todo} more are written and wait for a later issue)`);
process.exit(sum.failed === 0 && sum.passed > 0 ? 0 : 1);

function chosenGroups(): readonly Group[] {
  if (wanted.length === 0) return [...quick, ...slow];
  return [...quick, ...slow].filter(
    (group) => wanted.includes(group.name) || (wanted.includes('check') && quick.includes(group)),
  );
}

function runTool(name: string, tool: string, args: readonly string[]): void {
  const startedAt = Date.now();
  const result = spawnSync(`${root}/node_modules/.bin/${tool}`, args, { cwd: root, encoding: 'utf8' });
  const ok = result.status === 0;
  sum[ok ? 'passed' : 'failed'] += 1;
  console.log(`${ok ? '✔' : '✖'} ${name} (${renderDuration(Date.now() - startedAt)})`);
  if (!ok) console.log(`${result.stdout}${result.stderr}`);
}

async function runGroup(group: Group): Promise<void> {
  const files = globSync([...group.files], { cwd: root, exclude: ['**/node_modules/**'] }).toSorted();
  if (files.length === 0) return;
  console.log(`\n${group.name}`);
  install(group.needs ?? {});
  if (group.secondTry !== true) return add(await runFiles(files, group.concurrency), `${files.length} files`);
  for (const file of files) {
    const first = await runFiles([file], 1);
    if (first.failed === 0) {
      add(first, file);
      continue;
    }
    console.log(`${file}: ${first.failed} failed; once more`);
    add(await runFiles([file], 1), `${file} (second try)`);
  }
}

interface Timed extends Tally {
  readonly ms: number;
}

function add(tally: Timed, what: string): void {
  for (const kind of ['passed', 'failed', 'skipped', 'todo'] as const) sum[kind] += tally[kind];
  const extra = [tally.failed && `${tally.failed} failed`, tally.skipped && `${tally.skipped} skipped`].filter(Boolean);
  const counts = [`${tally.passed} passed`, ...extra].join(', ');
  console.log(`${tally.failed ? '✖' : '✔'} ${what}: ${counts} (${renderDuration(tally.ms)})`);
}

async function runFiles(files: readonly string[], concurrency: number): Promise<Timed> {
  const startedAt = Date.now();
  const tally: Tally = { passed: 0, failed: 0, skipped: 0, todo: 0 };
  const stream = run({ files: files.map((file) => `${root}${file}`), concurrency, cwd: root, timeout: longestFileMs });
  for await (const event of stream as AsyncIterable<TestEvent>) note(event, tally);
  return { ...tally, ms: Date.now() - startedAt };
}

function note(event: TestEvent, tally: Tally): void {
  if (event.type === 'test:stdout' || event.type === 'test:stderr') process.stdout.write(event.data.message);
  if (event.type === 'test:diagnostic' && !summaryLine.test(event.data.message)) console.log(`  ${event.data.message}`);
  if (event.type !== 'test:pass' && event.type !== 'test:fail') return;
  if (event.data.details.type === 'suite') return;
  const kind = kindOf(event);
  tally[kind] += 1;
  const { name, skip, file } = event.data;
  if (kind === 'skipped') console.log(`- skipped: ${name} (${typeof skip === 'string' ? skip : 'no reason given'})`);
  if (kind === 'failed' && event.type === 'test:fail') {
    console.log(`✖ ${relative(root, file ?? '')}: ${name}\n${indent(reasonOf(event.data.details.error))}`);
  }
}

function kindOf(event: Extract<TestEvent, { type: 'test:pass' | 'test:fail' }>): keyof Tally {
  if (event.data.skip !== undefined) return 'skipped';
  if (event.data.todo !== undefined) return 'todo';
  return event.type === 'test:pass' ? 'passed' : 'failed';
}

function reasonOf(error: Error): string {
  const cause = error.cause instanceof Error ? error.cause : error;
  return cause.stack ?? cause.message;
}

function indent(text: string): string {
  return text.replace(/^/gm, '    ');
}

/** Installs what is missing through apt, as root; otherwise says the line to type and lets the tests say the rest. */
function install(needs: Readonly<Record<string, string>>): void {
  const missing = Object.keys(needs).filter((name) => !existsSync(needs[name] ?? ''));
  if (missing.length === 0) return;
  if (process.getuid?.() !== 0 || !existsSync('/usr/bin/apt-get')) {
    console.log(`missing here: apt-get install ${missing.join(' ')}`);
    return;
  }
  console.log(`installing ${missing.join(' ')}`);
  // A package must not start its server: it would hold the port that a test's own server wants.
  const script =
    'printf "#!/bin/sh\\nexit 101\\n" > /usr/sbin/policy-rc.d; chmod +x /usr/sbin/policy-rc.d; apt-get update -qq; apt-get install -y -qq --no-install-recommends "$@"; code=$?; rm -f /usr/sbin/policy-rc.d; exit $code';
  const result = spawnSync('sh', ['-c', script, 'sh', ...missing], {
    encoding: 'utf8',
    env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' },
  });
  if (result.status !== 0) console.log(`could not install them:\n${result.stderr.slice(-2000)}`);
}
