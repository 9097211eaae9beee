/**
 * What measuring traffic costs at thousands of requests a second, and how right it is: processor time of the daemon and
 * of the proxy, the latter beside the same configuration that tells nothing, and counts, errors and quantiles beside
 * what the load itself saw.
 *
 *   ./timonel --node bench/metrics.ts [--rounds 5] [--seconds 6] [--connections 48]
 *
 * The upstream pauses for 1, 10 or 50 ms, which bounds the rate near 10,000 requests a second on an idle machine. Load,
 * upstream, proxy and the daemon's side are processes of their own and share the machine.
 */
import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import type { TrafficStats } from '#model/metrics.ts';
import { processesOf } from '../test/support/home.ts';
import { type Figure, printFigures } from './figures.ts';
import type { Job, Seen } from './metrics/load.ts';
import { upstreamConfig, work } from './metrics/upstream.ts';
import { type Contender, cpuOf, findProgram, start } from './proxy/contender.ts';

const { values } = parseArgs({
  options: {
    rounds: { type: 'string', default: '5' },
    seconds: { type: 'string', default: '6' },
    connections: { type: 'string', default: '48' },
  },
});
const haproxy = findProgram('haproxy', 'HAPROXY');
if (haproxy === undefined) throw new Error('needed: apt-get install -y haproxy');

interface Round {
  readonly seen: Seen;
  readonly stats: TrafficStats;
  /** Processor time, milliseconds. */
  readonly daemonMs: number;
  readonly proxyMs: number;
  /** Processor time a request of the proxy beside that of one that tells nothing. */
  readonly ratio: number;
}

const at = { upstream: '127.92.0.1', ours: '127.92.0.2', silent: '127.92.0.3', telling: '127.92.0.4' };
const port = 18_090;
const folder = mkdtempSync(join(tmpdir(), 'timonel-bench-metrics-'));
await using stack = new AsyncDisposableStack();
stack.defer(() => rmSync(folder, { recursive: true, force: true }));
const file = (name: string, text: string) => {
  writeFileSync(join(folder, name), text);
  return join(folder, name);
};

const upstream = file('upstream.cfg', upstreamConfig(at.upstream, file('work.lua', work)));
stack.use(
  await start({ name: 'upstream', program: haproxy, args: ['-db', '-f', upstream], address: at.upstream, port: 9000 }),
);
const home = join(folder, 'home');
const observer = await observe();
const generator = fork(join(import.meta.dirname, 'metrics/load.ts'));
stack.defer(() => void generator.disconnect());
const proxies = processesOf(home).filter((pid) => readFileSync(`/proc/${pid}/comm`, 'utf8').trim() === 'haproxy');
/** Two copies of our proxy that differ in nothing else, each in a session of its own as ours is. */
const telling = await copyOf('telling', at.telling, () => true);
const silent = await copyOf(
  'silent',
  at.silent,
  (line) => !/^ {2}(log |log-format )|txn\.lot|set-log-level/.test(line),
);
const reader = connect(join(folder, 'telling/stats.sock'), () => reader.write('show events events -w\n'));
reader.resume();
stack.defer(() => void reader.destroy());

const rounds: Round[] = [];
for (let round = 0; round < Number(values.rounds); round++) rounds.push(await measure(round));
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

/** A proxy with those lines of our configuration that are `wanted`. */
async function copyOf(name: string, address: string, wanted: (line: string) => boolean): Promise<Contender> {
  const copy = join(folder, name);
  cpSync(join(home, 'haproxy'), copy, { recursive: true, filter: (path) => !path.endsWith('.sock') });
  const ours = readFileSync(join(copy, 'haproxy.cfg'), 'utf8');
  const sockets = /unix@(\S+)\/counters\.sock/.exec(ours)?.[1] ?? '';
  const here = (text: string) => text.replaceAll(join(home, 'haproxy'), copy).replaceAll(sockets, copy);
  for (const script of readdirSync(copy).filter((one) => one.endsWith('.lua')))
    writeFileSync(join(copy, script), here(readFileSync(join(copy, script), 'utf8')));
  const config = join(copy, 'haproxy.cfg');
  writeFileSync(config, here(ours).replaceAll(at.ours, address).split('\n').filter(wanted).join('\n'));
  return stack.use(
    await start({ name, program: 'setsid', args: [haproxy as string, '-db', '-f', config], address, port }),
  );
}

async function measure(round: number): Promise<Round> {
  // By turns the one first and the other.
  const copies = round % 2 === 0 ? [telling, silent] : [silent, telling];
  const micros = new Map<Contender, number>();
  for (const one of copies) micros.set(one, await microsOf(one));
  const ratio = (micros.get(telling) ?? Number.NaN) / (micros.get(silent) ?? Number.NaN);
  return { ratio, ...(await tell()) };
}

/** Processor time a request. */
async function microsOf(proxy: Contender): Promise<number> {
  const before = proxy.cpuMs();
  const { requests } = await load(proxy.address);
  return ((proxy.cpuMs() - before) * 1000) / requests;
}

async function tell(): Promise<Omit<Round, 'ratio'>> {
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
    `${seen.perSecond.toFixed(0)} requests/s; seen and told: p50 ${seen.p50.toFixed(1)} ${stats.p50}, ` +
      `p95 ${seen.p95.toFixed(1)} ${stats.p95}, p99 ${seen.p99.toFixed(1)} ${stats.p99} ms (${stats.timed} told), ` +
      `requests ${seen.requests} ${stats.requests}, errors ${seen.bad} ${stats.answers[5] + stats.networkErrors}`,
  );
  return { seen, stats, daemonMs, proxyMs };
}

async function load(address: string): Promise<Seen> {
  const answer = once(generator, 'message') as Promise<[Seen]>;
  const job: Job = { address, port, connections: Number(values.connections), seconds: Number(values.seconds) };
  generator.send(job);
  const [seen] = await answer;
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
    { name: 'requests a second', value: middle(({ seen }) => seen.perSecond), unit: '/s' },
    { name: 'daemon: share of a core', value: middle((one) => one.daemonMs / Number(values.seconds) / 10), unit: '%' },
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
      value: middle((one) => one.ratio),
      unit: 'x',
    },
    {
      name: 'requests told and not asked, or asked and not told',
      value: middle(({ seen, stats }) => Math.abs(seen.requests - stats.requests)),
      unit: '',
      budget: 0,
    },
    {
      name: 'errors told and not seen, or seen and not told',
      value: middle(({ seen, stats }) => Math.abs(stats.answers[5] + stats.networkErrors - seen.bad)),
      unit: '',
      budget: 0,
    },
    ...(['p50', 'p95', 'p99'] as const).map(quantile),
  ]);
}
