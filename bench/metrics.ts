/**
 * What measuring traffic costs at thousands of requests a second, and how right it is: processor time of the daemon and
 * of the proxy, the latter beside the same configuration that tells nothing, and counts, errors and quantiles beside
 * what the load itself saw.
 *
 *   ./timonel --node bench/metrics.ts [--rounds 5] [--seconds 6] [--connections 48]
 *
 * Needs wrk (apt-get install -y wrk). The upstream pauses for 1, 10 or 50 ms, which bounds the rate near 10,000 requests
 * a second on an idle machine. Load, upstream, proxy and the daemon's side (a process of its own) share the machine.
 */
import { type ChildProcess, execFile, fork } from 'node:child_process';
import { once } from 'node:events';
import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs, promisify } from 'node:util';
import type { TrafficStats } from '#model/metrics.ts';
import { processesOf } from '../test/support/home.ts';
import { type Figure, printFigures } from './figures.ts';
import { report, upstreamConfig, work } from './metrics/scripts.ts';
import { cpuOf, findProgram, start } from './proxy/contender.ts';

const { values } = parseArgs({
  options: {
    rounds: { type: 'string', default: '5' },
    seconds: { type: 'string', default: '6' },
    connections: { type: 'string', default: '48' },
  },
});
const wrk = findProgram('wrk', 'WRK');
const haproxy = findProgram('haproxy', 'HAPROXY');
if (wrk === undefined || haproxy === undefined) throw new Error('needed: apt-get install -y wrk haproxy');

/** What the load saw. */
interface Seen {
  readonly requests: number;
  /** Answers of 500. */
  readonly bad: number;
  readonly lost: number;
  readonly seconds: number;
  readonly p50: number;
  readonly p95: number;
  readonly p99: number;
}

interface Round {
  readonly seen: Seen;
  readonly stats: TrafficStats;
  /** Processor time, milliseconds. */
  readonly daemonMs: number;
  readonly proxyMs: number;
  /** The proxy that tells nothing: microseconds a request. */
  readonly silentUs: number;
}

const underWay = Number(values.connections);
const at = { upstream: '127.92.0.1', ours: '127.92.0.2', silent: '127.92.0.3' };
const port = 18_090;
const folder = mkdtempSync(join(tmpdir(), 'timonel-bench-metrics-'));
await using stack = new AsyncDisposableStack();
stack.defer(() => rmSync(folder, { recursive: true, force: true }));
const file = (name: string, text: string) => {
  writeFileSync(join(folder, name), text);
  return join(folder, name);
};

const script = file('report.lua', report);
const upstream = file('upstream.cfg', upstreamConfig(at.upstream, file('work.lua', work)));
stack.use(
  await start({ name: 'upstream', program: haproxy, args: ['-db', '-f', upstream], address: at.upstream, port: 9000 }),
);
const home = join(folder, 'home');
const observer = await observe();
const proxies = processesOf(home).filter((pid) => readFileSync(`/proc/${pid}/comm`, 'utf8').trim() === 'haproxy');
const silent = stack.use(
  await start({ name: 'silent', program: haproxy, args: ['-db', '-f', silence()], address: at.silent, port }),
);

const rounds: Round[] = [];
for (let round = 0; round < Number(values.rounds); round++) rounds.push(await measure());
print();

/** The daemon's side; its proxy ends with it. */
async function observe(): Promise<ChildProcess> {
  const child = fork(join(import.meta.dirname, 'metrics/observer.ts'), [home, at.ours, String(port), at.upstream]);
  stack.defer(async () => {
    const gone = once(child, 'exit');
    child.disconnect();
    await gone;
  });
  await once(child, 'message');
  return child;
}

/** Our configuration without a word about any request, for another process; where its files are. */
function silence(): string {
  const copy = join(folder, 'silent');
  cpSync(join(home, 'haproxy'), copy, { recursive: true, filter: (path) => !path.endsWith('.sock') });
  const ours = readFileSync(join(copy, 'haproxy.cfg'), 'utf8');
  const sockets = /unix@(\S+)\/counters\.sock/.exec(ours)?.[1] ?? '';
  const here = (text: string) => text.replaceAll(join(home, 'haproxy'), copy).replaceAll(sockets, copy);
  for (const name of readdirSync(copy).filter((one) => one.endsWith('.lua')))
    writeFileSync(join(copy, name), here(readFileSync(join(copy, name), 'utf8')));
  const telling = /^ {2}(log |log-format )|txn\.lot|set-log-level/;
  const lines = here(ours).replaceAll(at.ours, at.silent).split('\n');
  writeFileSync(join(copy, 'haproxy.cfg'), lines.filter((line) => !telling.test(line)).join('\n'));
  return join(copy, 'haproxy.cfg');
}

async function measure(): Promise<Round> {
  const quietBefore = silent.cpuMs();
  const quiet = await load(at.silent);
  const silentUs = ((silent.cpuMs() - quietBefore) * 1000) / quiet.requests;
  const from = Date.now();
  const before = [cpuOf([observer.pid ?? 0]), cpuOf(proxies)] as const;
  const seen = await load(at.ours);
  // The last second is whole a second after its end.
  await new Promise((resolve) => setTimeout(resolve, 2500));
  const [daemonMs, proxyMs] = [cpuOf([observer.pid ?? 0]) - before[0], cpuOf(proxies) - before[1]];
  const answer = once(observer, 'message') as Promise<[TrafficStats]>;
  observer.send({ from, to: Date.now() });
  const [stats] = await answer;
  console.log(
    `${(seen.requests / seen.seconds).toFixed(0)} requests/s; seen and told: p50 ${seen.p50} ${stats.p50}, ` +
      `p95 ${seen.p95} ${stats.p95}, p99 ${seen.p99} ${stats.p99} ms (${stats.timed} told), ` +
      `requests ${seen.requests} ${stats.requests}, errors ${seen.bad} ${stats.answers[5] + stats.networkErrors}`,
  );
  return { seen, stats, daemonMs, proxyMs, silentUs };
}

async function load(address: string): Promise<Seen> {
  const args = ['-t1', `-c${values.connections}`, `-d${values.seconds}s`, '-s', script, `http://${address}:${port}/`];
  const { stdout } = await promisify(execFile)(wrk as string, args);
  const seen = JSON.parse(stdout.trimEnd().split('\n').at(-1) ?? '') as Seen;
  if (seen.lost > 0) throw new Error(`${seen.lost} of ${seen.requests} requests got no answer`);
  return seen;
}

function print(): void {
  const middle = (of: (round: Round) => number) =>
    rounds.map(of).toSorted((a, b) => a - b)[Math.floor(rounds.length / 2)] ?? Number.NaN;
  const quantile = (name: 'p50' | 'p95' | 'p99'): Figure => ({
    name: `${name}: told beside seen by the load`,
    value: middle(({ seen, stats }) => (stats[name] ?? Number.NaN) / seen[name]),
    unit: 'x',
  });
  printFigures(`Measuring, ${rounds.length} rounds of ${values.seconds} s, ${values.connections} connections`, [
    { name: 'requests a second', value: middle(({ seen }) => seen.requests / seen.seconds), unit: '/s' },
    { name: 'daemon: share of a core', value: middle((one) => one.daemonMs / one.seen.seconds / 10), unit: '%' },
    {
      name: 'daemon: processor time a request',
      value: middle((one) => (one.daemonMs * 1000) / one.seen.requests),
      unit: 'us',
    },
    {
      name: 'proxy: processor time a request',
      value: middle((one) => (one.proxyMs * 1000) / one.seen.requests),
      unit: 'us',
    },
    {
      name: 'proxy: beside one that tells nothing',
      value: middle((one) => (one.proxyMs * 1000) / one.seen.requests / one.silentUs),
      unit: 'x',
    },
    {
      // What is under way when wrk ends is answered, but not seen by it.
      name: 'requests told and not asked, or asked and not told',
      value: middle(({ seen, stats }) =>
        Math.max(0, seen.requests - stats.requests, stats.requests - seen.requests - underWay),
      ),
      unit: '',
      budget: 0,
    },
    {
      name: 'errors: told beside seen',
      value: middle(({ seen, stats }) => Math.abs((stats.answers[5] + stats.networkErrors) / seen.bad - 1) * 100),
      unit: '%',
      budget: 3,
    },
    ...(['p50', 'p95', 'p99'] as const).map(quantile),
  ]);
}
