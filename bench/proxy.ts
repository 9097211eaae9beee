/**
 * The data path beside its peers: requests a second, p99 and processor time a request, direct, through the plainest
 * HAProxy, through Timonel's proxy with a route alone and with a full policy (rate limit, breaker, retry, body limit,
 * headers), and through nginx, Caddy, Traefik and kamal-proxy with as much of that policy as they have.
 *
 *   ./timonel --node bench/proxy.ts [--rounds 5] [--seconds 3] [--connections 32]
 *
 * All run at once on one machine and are asked by turns; a figure is the median over the rounds of the ratio within a
 * round, so that what else the machine does falls on all alike. The load, the upstream and the proxy share the machine's
 * cores, so throughput understates every proxy; processor time a request is the steadier figure. Needs wrk (apt-get
 * install -y wrk). A peer that is not installed is left out with a line that says how to get it; NGINX, CADDY, TRAEFIK
 * and KAMAL_PROXY may name binaries.
 */
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { printFigures } from './figures.ts';
import { type Contender, findProgram } from './proxy/contender.ts';
import { timonel, type Upstream } from './proxy/ours.ts';
import { peers, upstreamServer } from './proxy/peers.ts';
import { type Load, load } from './proxy/wrk.ts';

const { values } = parseArgs({
  options: {
    rounds: { type: 'string', default: '5' },
    seconds: { type: 'string', default: '3' },
    connections: { type: 'string', default: '32' },
  },
});
const [rounds, seconds, connections] = [Number(values.rounds), Number(values.seconds), Number(values.connections)];
const wrk = findProgram('wrk', 'WRK');
if (wrk === undefined) throw new Error('wrk makes the load: apt-get install -y wrk');

/** What one contender did in one round. */
interface Round extends Load {
  /** Processor time a request, microseconds. */
  readonly cpuUs: number;
}

const folder = mkdtempSync(join(tmpdir(), 'timonel-bench-proxy-'));
const upstream: Upstream = { address: '127.87.0.1', port: 9000, host: 'bench.localhost' };
await using stack = new AsyncDisposableStack();
stack.defer(() => rmSync(folder, { recursive: true, force: true }));

const direct = stack.use(await upstreamServer(folder, upstream));
const contenders: Contender[] = [{ ...direct, name: 'direct' }];
for (const peer of peers) {
  const program = findProgram(peer.program, peer.variable);
  if (program === undefined) {
    console.log(`${peer.name} is not measured: it is not installed. ${peer.get}`);
    continue;
  }
  const place = { folder: join(folder, peer.program), address: '127.87.0.2', upstream };
  mkdirSync(place.folder);
  contenders.push(stack.use(await peer.start(program, place, 'plain')));
  if (peer.policy === undefined) continue;
  console.log(`${peer.name} with policy: ${peer.policy}`);
  contenders.push(stack.use(await peer.start(program, place, 'policy')));
}
contenders.push(stack.use(await timonel('Timonel, a route', upstream, 'route alone')));
contenders.push(stack.use(await timonel('Timonel, policy', upstream, 'policy')));

const measured = new Map<string, Round[]>(contenders.map((one) => [one.name, []]));
for (let round = 0; round < rounds; round++) {
  // Each round begins with another, so that nobody always follows the same neighbour.
  const order = contenders.map((_, index) => contenders[(index + round) % contenders.length] as Contender);
  for (const one of order) measured.get(one.name)?.push(await measure(one));
}
report();

async function measure(one: Contender): Promise<Round> {
  const before = one.cpuMs();
  const { host } = upstream;
  const seen = await load({ wrk: wrk as string, address: one.address, port: one.port, host, seconds, connections });
  if (seen.failures > 0) throw new Error(`${one.name}: ${seen.failures} of ${seen.requests} requests failed`);
  return { ...seen, cpuUs: ((one.cpuMs() - before) * 1000) / seen.requests };
}

function report(): void {
  const base = measured.get('HAProxy') as readonly Round[];
  const width = Math.max(...contenders.map((one) => one.name.length));
  console.log(`\n${''.padEnd(width)}   requests/s  of HAProxy    p99 ms    CPU us  of HAProxy`);
  for (const { name } of contenders) {
    const own = measured.get(name) ?? [];
    const cells = [
      middle(own.map((one) => one.perSecond)).toFixed(0),
      ratio(own, base, 'perSecond').toFixed(2),
      middle(own.map((one) => one.p99Ms)).toFixed(2),
      middle(own.map((one) => one.cpuUs)).toFixed(1),
      ratio(own, base, 'cpuUs').toFixed(2),
    ];
    console.log(`${name.padEnd(width)}  ${cells.map((cell) => cell.padStart(10)).join(' ')}`);
  }
  const full = measured.get('Timonel, policy') ?? [];
  const throughput = ratio(full, base, 'perSecond');
  printFigures(`The full policy beside the plainest HAProxy, ${rounds} rounds of ${seconds} s`, [
    { name: 'requests a second', value: throughput, unit: 'x', atLeast: 0.9 },
    { name: 'processor time a request', value: ratio(full, base, 'cpuUs'), unit: 'x', budget: 1.25 },
  ]);
}

/** The median over the rounds of the ratio within each. */
function ratio(own: readonly Round[], base: readonly Round[], key: 'perSecond' | 'cpuUs'): number {
  return middle(own.map((one, round) => one[key] / (base[round]?.[key] ?? Number.NaN)));
}

function middle(numbers: readonly number[]): number {
  return numbers.toSorted((a, b) => a - b)[Math.floor(numbers.length / 2)] ?? Number.NaN;
}
