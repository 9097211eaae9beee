/**
 * Runs the tests by group: `npm test` runs all, `npm run check` the quick ones. Installs the programs that a group
 * needs where it may. Prints each file with its count, every failure and every skip with its reason, the sum, and
 * which files took longest.
 */
import { spawnSync } from 'node:child_process';
import { existsSync, globSync } from 'node:fs';
import { basename, relative } from 'node:path';
import process from 'node:process';
import { run } from 'node:test';
import type { TestEvent } from 'node:test/reporters';
import { fileURLToPath } from 'node:url';
import { renderDuration } from '#core/duration.ts';
import { lanesOf, runInLanes } from './lanes.ts';

const root = fileURLToPath(new URL('..', import.meta.url));

interface Group {
  readonly name: string;
  /** Files run side by side; 1 where they load the machine. */
  readonly concurrency: number;
  readonly files: readonly string[];
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

/**
 * Their files run in lanes (lanes.ts). One that fails is run once more, alone: they measure time on a machine that others
 * may load.
 */
const slow: readonly Omit<Group, 'concurrency'>[] = [
  {
    name: 'contracts',
    files: ['test/contracts/**/*.test.ts'],
    needs: { ...servers, ...postgres, ...docker },
  },
  {
    name: 'integration',
    files: ['test/integration/**/*.test.ts'],
    needs: {
      ...{ ...servers, ...postgres, ...docker, pebble: '/usr/bin/pebble', prometheus: '/usr/bin/prometheus' },
      'docker-compose': '/usr/bin/docker-compose',
    },
  },
  { name: 'systems', files: ['test/systems/**/*.test.ts'], needs: servers },
  {
    name: 'faults',
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

// Each file is a process that loads half of the sources: compiled once for all, it takes a third of the time.
process.env.NODE_COMPILE_CACHE ??= `${root}.timonel/compiled-tests`;

const wanted = process.argv.slice(2);
const sum: Tally = { passed: 0, failed: 0, skipped: 0, todo: 0 };

if (wanted.length === 0 || wanted.includes('check')) {
  runTool('types', 'tsc', ['--noEmit']);
  runTool('lint and format', 'biome', ['check', '--error-on-warnings', '.']);
}
for (const group of quick) if (isWanted(group.name, 'check')) await runQuick(group);
await runSlow(slow.filter((group) => isWanted(group.name)));

console.log(`\n${sum.passed} passed, ${sum.failed} failed, ${sum.skipped} skipped`);
if (sum.todo > 0) console.log(`(${sum.todo} more are written and wait for a later issue)`);
process.exit(sum.failed === 0 && sum.passed > 0 ? 0 : 1);

function isWanted(...names: readonly string[]): boolean {
  return wanted.length === 0 || names.some((name) => wanted.includes(name));
}

function runTool(name: string, tool: string, args: readonly string[]): void {
  const startedAt = Date.now();
  const result = spawnSync(`${root}/node_modules/.bin/${tool}`, args, { cwd: root, encoding: 'utf8' });
  const ok = result.status === 0;
  sum[ok ? 'passed' : 'failed'] += 1;
  console.log(`${ok ? '✔' : '✖'} ${name} (${renderDuration(Date.now() - startedAt)})`);
  if (!ok) console.log(`${result.stdout}${result.stderr}`);
}

async function runQuick({ name, files, concurrency }: Group): Promise<void> {
  const found = filesOf([...files]);
  if (found.length === 0) return;
  console.log(`\n${name}`);
  const { lines, ...tally } = await runFiles(found, concurrency);
  tell(lines, tally, `${found.length} files`);
}

/** Two files at a time where they may; what fails is tried again when all others are done. */
async function runSlow(groups: typeof slow): Promise<void> {
  const files = groups.flatMap((group) => filesOf([...group.files]));
  if (files.length === 0) return;
  for (const { needs } of groups) install(needs ?? {});
  console.log(`\n${groups.map((group) => group.name).join(', ')}`);
  const again: string[] = [];
  const times = new Map<string, number>();
  await runInLanes(lanesOf(files), async (file) => {
    const { lines, ...tally } = await runFiles([file], 1);
    times.set(file, tally.ms);
    if (tally.failed === 0) return tell(lines, tally, file);
    again.push(file);
    console.log([...lines, `${file}: ${tally.failed} failed; once more, alone, at the end`].join('\n'));
  });
  for (const file of again) {
    const { lines, ...tally } = await runFiles([file], 1);
    tell(lines, tally, `${file} (second try)`);
  }
  const longest = [...times].toSorted((a, b) => b[1] - a[1]).slice(0, 10);
  console.log(
    `\nlongest: ${longest.map(([file, ms]) => `${basename(file, '.test.ts')} ${renderDuration(ms)}`).join(', ')}`,
  );
}

function filesOf(patterns: string[]): readonly string[] {
  return globSync(patterns, { cwd: root, exclude: ['**/node_modules/**'] }).toSorted();
}

interface Timed extends Tally {
  readonly ms: number;
}

function tell(lines: readonly string[], tally: Timed, what: string): void {
  for (const kind of ['passed', 'failed', 'skipped', 'todo'] as const) sum[kind] += tally[kind];
  const extra = [tally.failed && `${tally.failed} failed`, tally.skipped && `${tally.skipped} skipped`].filter(Boolean);
  const counts = [`${tally.passed} passed`, ...extra].join(', ');
  console.log([...lines, `${tally.failed ? '✖' : '✔'} ${what}: ${counts} (${renderDuration(tally.ms)})`].join('\n'));
}

/** What is printed is kept together until the end: another file may run meanwhile. */
async function runFiles(
  files: readonly string[],
  concurrency: number,
): Promise<Timed & { readonly lines: readonly string[] }> {
  const startedAt = Date.now();
  const tally: Tally = { passed: 0, failed: 0, skipped: 0, todo: 0 };
  const lines: string[] = [];
  const stream = run({ files: files.map((file) => `${root}${file}`), concurrency, cwd: root, timeout: longestFileMs });
  for await (const event of stream as AsyncIterable<TestEvent>) note(event, tally, lines);
  return { ...tally, ms: Date.now() - startedAt, lines };
}

function note(event: TestEvent, tally: Tally, lines: string[]): void {
  if (event.type === 'test:stdout' || event.type === 'test:stderr') lines.push(event.data.message.replace(/\n$/, ''));
  if (event.type === 'test:diagnostic' && !summaryLine.test(event.data.message)) lines.push(`  ${event.data.message}`);
  if (event.type !== 'test:pass' && event.type !== 'test:fail') return;
  if (event.data.details.type === 'suite') return;
  const kind = kindOf(event);
  tally[kind] += 1;
  const { name, skip, file } = event.data;
  if (kind === 'skipped') lines.push(`- skipped: ${name} (${typeof skip === 'string' ? skip : 'no reason given'})`);
  if (kind === 'failed' && event.type === 'test:fail') {
    lines.push(`✖ ${relative(root, file ?? '')}: ${name}\n${indent(reasonOf(event.data.details.error))}`);
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
