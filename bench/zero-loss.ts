/**
 * The main promise, measured: documentos under steady load while it is deployed, rolled back, scaled, its daemon killed
 * and its proxy reloaded. Counts every request that fails.
 *
 *   ./timonel --node bench/zero-loss.ts [--quick] [--runtime docker]
 *
 * The load: keep-alive and new connections, POST bodies of 20 kB, requests that take 5 seconds, one websocket, from 20
 * client addresses, through the edge's HTTPS. A POST is answered 405 by documentos itself, which is what it must be.
 *
 * With `--runtime docker` it starts a Docker Engine of its own and makes the images from what this machine has.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { startEngine, type TestEngine, until, whyNoEngine } from '../test/support/docker.ts';
import { stageDocumentos } from '../test/support/docker-documentos.ts';
import { endOf, eventsOf, stepTimes, timeOf } from '../test/support/events.ts';
import { type CliResult, freshHome, type Home, processesOf, root } from '../test/support/home.ts';
import { type Load, renderReport, startLoad } from '../test/support/load.ts';
import { printFigures } from './figures.ts';
import { renderBreakdown } from './steps.ts';

const { values } = parseArgs({ options: { quick: { type: 'boolean', default: false }, runtime: { type: 'string' } } });
const rounds = values.quick ? { deploys: 3, rollbacks: 1, scales: 2 } : { deploys: 20, rollbacks: 5, scales: 5 };
const host = 'documentos.universidad.localhost';
const service = 'documentos-service';
const project = 'documentos';

const isDocker = values.runtime === 'docker';
await using engine = isDocker ? await ownEngine() : undefined;
await using home = await freshHome();
const engineEnv = engine === undefined ? {} : { DOCKER_HOST: `unix://${engine.socketPath}`, DOCKER_CONFIG: engine.dir };
const files = projectFiles(home);

console.log('first deployment, then a second from nothing with everything prepared');
await deploy(1);
await home.ok(['down', '-p', project, '-y'], { env: engineEnv });
const again = await deploy(1);
const ownTime = slowestToHealthy(again);

const load = startLoad({
  address: '127.0.0.1',
  port: home.httpsPort,
  tls: true,
  host,
  clients: 20,
  workers: { 'keep-alive': 2, think: 4, fresh: 4, post: 2, slow: 4, websocket: 1 },
  pauseMs: { 'keep-alive': 20, think: 40, fresh: 60, post: 60 },
  path: pathOf,
  expected: { post: 405 },
});

const moved: number[] = [];
let version = 1;
try {
  for (let round = 0; round < rounds.deploys; round++) moved.push(movedAfter(load, await deploy(++version)));
  for (let round = 0; round < rounds.rollbacks; round++) await act(['rollback', '-p', project, '--json']);
  for (let round = 0; round < rounds.scales; round++)
    await act(['scale', `${service}=${round % 2 === 0 ? 4 : 2}`, '-p', project, '--json']);
  await killDaemonMidDeploy();
  await reloadProxy();
} finally {
  const report = await load.stop();
  // Addresses on the host and containers do not end with the home's processes.
  await home.cli(['down', '--all', '-y'], { env: engineEnv });
  console.log(`\n${renderReport(report)}`);
  for (const failure of report.failures.slice(0, 20))
    console.log(`  at ${failure.at} ms ${failure.kind} ${failure.path}: ${failure.what}`);
  printFigures(
    `documentos${isDocker ? ' in containers' : ''} under load: ${rounds.deploys} deploys, ${rounds.rollbacks} rollbacks, ${rounds.scales} scales, a daemon kill -9, a reload`,
    [
      { name: 'requests', value: report.requests, unit: '', atLeast: 1000 },
      { name: 'failed requests', value: report.failures.length, unit: '', budget: 0 },
      { name: 'all traffic on the new release after the switch, median', value: middle(moved), unit: 'ms', budget: 50 },
      { name: 'all traffic on the new release after the switch, worst', value: Math.max(...moved), unit: 'ms' },
      { name: 'the slowest instance’s own time to healthy', value: ownTime / 1000, unit: 's' },
      { name: 'deploy time beyond it', value: (again.tookMs - ownTime) / 1000, unit: 's', budget: 1 },
    ],
  );
}

async function ownEngine(): Promise<TestEngine> {
  const why = whyNoEngine();
  if (why !== undefined) throw new Error(why);
  return startEngine();
}

/** The guide's file, and beside it what a new version is and shorter pauses than production's. */
function projectFiles(of: Home): readonly string[] {
  const overlay = join(of.dir, 'overlay.yaml');
  writeFileSync(
    overlay,
    `services:
  ${service}:
    environment: ["APP_VERSION=\${BENCH_VERSION}"]
    deploy: { update_config: { delay: 1s } }
    x-timonel: { observe: 2s }
`,
  );
  const folder = engine === undefined ? join(root, 'systems/documentos') : stageDocumentos(engine, of.dir).folder;
  return ['-f', join(folder, 'compose.yaml'), '-f', overlay, '-p', project];
}

function deployArgs(): string[] {
  return ['deploy', ...files, '--json', ...(values.runtime === undefined ? [] : ['--runtime', values.runtime])];
}

async function deploy(to: number): Promise<CliResult> {
  return act(deployArgs(), { BENCH_VERSION: `bench-${to}` });
}

async function act(args: readonly string[], env: Record<string, string> = {}): Promise<CliResult> {
  const result = await home.cli(args, { env: { ...engineEnv, ...env }, timeoutMs: 240_000 });
  const end = endOf(result);
  console.log(
    `${args[0]} ${args[1]?.startsWith('-') ? '' : args[1]} -> ${String(end.state)} release ${String(end.release)} in ${(result.tookMs / 1000).toFixed(1)} s`,
  );
  if (result.code !== 0) throw new Error(`${result.stdout.slice(-3000)}\n${result.stderr.slice(-3000)}`);
  if (args[0] === 'deploy') console.log(`  ${renderBreakdown(result)}`);
  return result;
}

/** How long after the `switched` event a request was still sent to an older release, milliseconds; 0: never. */
function movedAfter(running: Load, result: CliResult): number {
  const switched =
    timeOf(eventsOf(result), (line) => line.event === 'switched' && line.service === service) - performance.timeOrigin;
  const current = `-r${String(endOf(result).release)}-`;
  const last = running.lastSentTo((instance) => instance.startsWith(service) && !instance.includes(current));
  return Math.max(0, (last ?? 0) - switched);
}

/** What the slowest instance of a deployment took from its start to healthy, milliseconds. */
function slowestToHealthy(result: CliResult): number {
  const events = eventsOf(result);
  const times = stepTimes(events);
  const own = [...times]
    .filter(([step]) => step.startsWith('gate:'))
    .map(([step, gate]) => gate.to - (times.get(step.replace('gate:', 'start:'))?.from ?? gate.from));
  return Math.max(...own);
}

async function killDaemonMidDeploy(): Promise<void> {
  const deploying = deploy(++version);
  await until(isReplacing, 60_000);
  process.kill(home.daemonPid(), 'SIGKILL');
  const killedAt = performance.now();
  await deploying;
  console.log(`  its daemon had a kill -9 ${((performance.now() - killedAt) / 1000).toFixed(1)} s before its end`);
}

/** Does an instance of the next release run beside those that serve? */
async function isReplacing(): Promise<boolean> {
  const { release, services } = await home.status(project);
  return services.some((one) => one.instances.some((instance) => instance.release > (release ?? 0)));
}

/** Asks the proxy's first process, the parent of its workers, to reload as an administrator would. */
async function reloadProxy(): Promise<void> {
  const proxies = processesOf(home.dir).filter((pid) => readFileSync(`/proc/${pid}/comm`, 'utf8').trim() === 'haproxy');
  const master = Math.min(...proxies);
  process.kill(master, 'SIGUSR2');
  await new Promise((resolve) => setTimeout(resolve, 7000));
  console.log(`proxy reload (process ${master})`);
}

/** Cheap certificates for the busy kinds; students that the stub answers after 5 seconds for the slow ones. */
function pathOf(kind: string, n: number): string {
  if (kind === 'websocket') return '/api/v1/eventos';
  if (kind === 'slow') return `/api/v1/certificado/${700_000 + (n % 99_999)}/docx`;
  return `/api/v1/certificado/${[1, 2, 3, 5, 8, 13, 21, 34][n % 8]}/docx`;
}

function middle(numbers: readonly number[]): number {
  return numbers.toSorted((a, b) => a - b)[Math.floor(numbers.length / 2)] ?? Number.NaN;
}
