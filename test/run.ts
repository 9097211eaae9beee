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
  { name: 'conformance', concurrency: 1, files: ['test/conformance/**/*.test.ts'] },
  { name: 'fuzz', concurrency: 1, files: ['test/fuzz/**/*.test.ts'] },
];

const slow: readonly Group[] = [
  {
    name: 'contracts',
    concurrency: 1,
    files: ['test/contracts/**/*.test.ts'],
    needs: { ...servers, ...postgres, ...docker },
  },
  {
    name: 'integration',
    concurrency: 1,
    files: ['test/integration/**/*.test.ts'],
    needs: { ...servers, ...postgres, ...docker },
  },
  { name: 'systems', concurrency: 1, files: ['test/systems/**/*.test.ts'], needs: servers },
  { name: 'faults', concurrency: 1, files: ['test/faults/**/*.test.ts'], needs: servers },
];

interface Tally {
  passed: number;
  failed: number;
  skipped: number;
  todo: number;
}

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
  const perFile = new Map<string, Tally & { ms: number }>();
  const stream = run({ files: files.map((file) => `${root}${file}`), concurrency: group.concurrency, cwd: root });
  for await (const event of stream as AsyncIterable<TestEvent>) note(event, perFile);
  for (const [file, tally] of [...perFile].toSorted(([a], [b]) => (a < b ? -1 : 1))) {
    const extra = [tally.failed && `${tally.failed} failed`, tally.skipped && `${tally.skipped} skipped`]
      .filter(Boolean)
      .join(', ');
    console.log(
      `${tally.failed ? '✖' : '✔'} ${file}: ${tally.passed} passed${extra ? `, ${extra}` : ''} (${renderDuration(tally.ms)})`,
    );
  }
}

function note(event: TestEvent, perFile: Map<string, Tally & { ms: number }>): void {
  if (event.type === 'test:stdout' || event.type === 'test:stderr') {
    process.stdout.write(event.data.message);
    return;
  }
  if (
    event.type === 'test:diagnostic' &&
    !/^(tests|suites|pass|fail|cancelled|skipped|todo|duration_ms) /.test(event.data.message)
  ) {
    console.log(`  ${event.data.message}`);
  }
  if (event.type !== 'test:pass' && event.type !== 'test:fail') return;
  const { data } = event;
  const file = relative(root, data.file ?? '');
  const tally = perFile.get(file) ?? { passed: 0, failed: 0, skipped: 0, todo: 0, ms: 0 };
  perFile.set(file, tally);
  if (data.nesting === 0) tally.ms += data.details.duration_ms;
  if (data.details.type === 'suite') return;
  const kind =
    data.skip !== undefined
      ? 'skipped'
      : data.todo !== undefined
        ? 'todo'
        : event.type === 'test:pass'
          ? 'passed'
          : 'failed';
  tally[kind] += 1;
  sum[kind] += 1;
  if (kind === 'skipped')
    console.log(`- skipped: ${data.name} (${typeof data.skip === 'string' ? data.skip : 'no reason given'})`);
  if (kind === 'failed' && event.type === 'test:fail')
    console.log(`✖ ${file}: ${data.name}\n${indent(reasonOf(event.data.details.error))}`);
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
