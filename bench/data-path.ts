/**
 * What our configuration costs beside the plainest HAProxy, in one run: requests per second and CPU time of the proxy
 * per request, through a neighbour's address, a published port and the edge. Everything is measured while the daemon's
 * side counts, listens and writes the access log, as in production.
 *
 *   ./timonel --node bench/data-path.ts [--rounds 7] [--seconds 3] [--connections 64]
 *
 * Needs `wrk` (Debian package). The upstream is an HAProxy that answers by itself. Generator, upstream and proxy share
 * the machine, so ratios count and not absolute figures: each round asks all ways one after the other, and the medians
 * of the rounds' ratios are printed.
 */
import { type ChildProcess, execFile, execFileSync, spawn } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs, promisify } from 'node:util';
import { AccessLog } from '#adapters/access-log/index.ts';
import { systemClock } from '#adapters/clock.ts';
import { createHaproxy } from '#adapters/haproxy/index.ts';
import type { RouteTable } from '#model/route.ts';
import { TrafficBook } from '#monitor/traffic/traffic-book.ts';
import { printFigures } from './figures.ts';

const { values } = parseArgs({
  options: {
    rounds: { type: 'string', default: '7' },
    seconds: { type: 'string', default: '3' },
    connections: { type: 'string', default: '64' },
  },
});

const at = { upstream: '127.91.0.1', plain: '127.91.0.2', ours: '127.91.0.3', neighbour: '127.91.0.4' };
const host = 'shop.localhost';
const folder = mkdtempSync(join(tmpdir(), 'timonel-bench-'));
const children: ChildProcess[] = [];
const traffic = new TrafficBook();
const access = new AccessLog({ home: folder });
const balancer = createHaproxy({
  ...{ home: folder, httpPort: 18_090, httpsPort: 18_493, edgeAddress: at.ours, clock: systemClock, traffic },
  onRequest: (end) => access.take(end),
});

interface Way {
  readonly name: string;
  readonly url: string;
  /** Path of the configuration that the measured proxy runs with. */
  readonly config: string;
}

interface Run {
  readonly rps: number;
  readonly cpuMicros: number;
}

try {
  execFileSync('wrk', ['-v'], { stdio: 'ignore' });
} catch (error) {
  if ((error as NodeJS.ErrnoException).code === 'ENOENT') {
    console.error('wrk is not installed: apt-get install wrk');
    process.exit(1);
  }
}

try {
  const ways = await start();
  const rounds: Record<string, Run>[] = [];
  for (let round = 0; round < Number(values.rounds); round++) {
    const runs: Record<string, Run> = {};
    for (const way of ways) runs[way.name] = await measure(way);
    rounds.push(runs);
    console.log(
      `round ${round + 1}: ${ways.map(({ name }) => `${name} ${runs[name]?.rps.toFixed(0)} rps ${runs[name]?.cpuMicros.toFixed(1)} us`).join(', ')}`,
    );
  }
  report(ways, rounds);
} finally {
  await balancer.stop();
  await balancer.close();
  for (const child of children) child.kill('SIGKILL');
  rmSync(folder, { recursive: true, force: true });
}

/** Starts upstream, plain proxy and ours, and waits until all answer. */
async function start(): Promise<readonly Way[]> {
  const plain = join(folder, 'plain.cfg');
  const defaults = 'defaults\n  mode http\n  timeout connect 1s\n  timeout client 1m\n  timeout server 1m\n';
  writeFileSync(
    join(folder, 'upstream.cfg'),
    `${defaults}frontend f\n  bind ${at.upstream}:9000\n  http-request return status 200 content-type text/plain string ok\n`,
  );
  writeFileSync(
    plain,
    `${defaults}frontend f\n  bind ${at.plain}:9000\n  default_backend b\nbackend b\n  server s ${at.upstream}:9000\n`,
  );
  // In sessions of their own, as ours is: Linux shares the cores out by session, and whoever waits more serves more a turn.
  for (const file of [join(folder, 'upstream.cfg'), plain])
    children.push(spawn('haproxy', ['-db', '-f', file], { stdio: 'ignore', detached: true }));
  await balancer.ensureRunning();
  await balancer.apply(table());
  for (const [address, port] of [
    [at.upstream, 9000],
    [at.plain, 9000],
    [at.ours, 18_090],
  ] as const)
    await answering(address, port);
  const ours = join(folder, 'haproxy/haproxy.cfg');
  return [
    { name: 'plain', url: `http://${at.plain}:9000/`, config: plain },
    { name: 'neighbour', url: `http://${at.neighbour}:9000/`, config: ours },
    { name: 'published', url: `http://${at.ours}:8000/`, config: ours },
    { name: 'edge', url: `http://${at.ours}:18090/`, config: ours },
  ];
}

function table(): RouteTable {
  const id = 'shop/web:9000';
  const place = { project: 'shop', service: 'web', port: 9000 };
  const server = { id: 'web-r1-1', address: at.upstream, port: 9000, weight: 100, state: 'ready' } as const;
  return {
    backends: { [id]: { id, ...place, protocol: 'http', balance: 'roundrobin', servers: [server] } },
    listeners: [
      { kind: 'published', address: at.ours, port: 8000, backend: id },
      { kind: 'neighbour', address: at.neighbour, port: 9000, backend: id },
    ],
    routes: [
      {
        name: 'web',
        ...place,
        priority: 10,
        match: { kind: 'host', name: host },
        entries: ['http'],
        tls: { kind: 'none' },
      },
    ],
  };
}

async function answering(address: string, port: number): Promise<void> {
  const end = Date.now() + 10_000;
  for (;;) {
    const isOpen = await new Promise<boolean>((resolve) => {
      const socket = connect(port, address, () => resolve(true)).on('error', () => resolve(false));
      socket.on('connect', () => socket.destroy());
    });
    if (isOpen) return;
    if (Date.now() > end) throw new Error(`nothing listens at ${address}:${port}`);
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

async function measure({ url, config }: Way): Promise<Run> {
  const pids = processesWith(config);
  const before = ticksOf(pids);
  const args = ['-t2', `-c${values.connections}`, `-d${values.seconds}s`, '-H', `Host: ${host}`, url];
  const { stdout: output } = await promisify(execFile)('wrk', args, { encoding: 'utf8' });
  const requests = Number(/(\d+) requests in/.exec(output)?.[1] ?? Number.NaN);
  const bad = /Non-2xx.*|Socket errors.*/.exec(output)?.[0];
  if (bad !== undefined) throw new Error(`${url}: ${bad}`);
  // A clock tick is a hundredth of a second in /proc (proc(5), USER_HZ).
  return {
    rps: Number(/Requests\/sec:\s+([\d.]+)/.exec(output)?.[1] ?? Number.NaN),
    cpuMicros: ((ticksOf(pids) - before) * 10_000) / requests,
  };
}

function processesWith(config: string): number[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map(Number)
    .filter((pid) => {
      try {
        const words = readFileSync(`/proc/${pid}/cmdline`, 'latin1').split('\0');
        return words[0]?.endsWith('haproxy') === true && words.includes(config);
      } catch {
        return false;
      }
    });
}

/** User and system time of these processes, in ticks. */
function ticksOf(pids: readonly number[]): number {
  return pids.reduce((sum, pid) => {
    const stat = readFileSync(`/proc/${pid}/stat`, 'latin1');
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    return sum + Number(fields[11]) + Number(fields[12]);
  }, 0);
}

function report(ways: readonly Way[], rounds: readonly Record<string, Run>[]): void {
  const ratio = (name: string, of: (run: Run) => number) =>
    middle(rounds.map((runs) => of(runs[name] as Run) / of(runs.plain as Run)));
  printFigures(
    `beside the plainest HAProxy (${rounds.length} rounds of ${values.seconds} s, ${values.connections} connections)`,
    ways
      .filter(({ name }) => name !== 'plain')
      .flatMap(({ name }) => [
        { name: `${name}: requests/s`, value: ratio(name, (run) => run.rps), unit: 'x', atLeast: 0.9 },
        { name: `${name}: CPU per request`, value: ratio(name, (run) => run.cpuMicros), unit: 'x', budget: 1.25 },
      ]),
  );
}

function middle(numbers: readonly number[]): number {
  return numbers.toSorted((a, b) => a - b)[Math.floor(numbers.length / 2)] ?? Number.NaN;
}
