/**
 * The same change to the same stack under the same load, once by `timonel deploy` and once by Debian's
 * `docker-compose up -d --build`: failed requests and seconds, in one run and on one engine.
 *
 *   ./timonel --node bench/compare-docker.ts [--changes N]     (needs root and: apt-get install docker.io docker-compose)
 *
 * The stack: the service of the tests, with a healthcheck and a published port, and beside it a Redis that does not
 * change. Two stacks: one copy of the service on a fixed port, which is what `docker-compose` can do, and, for Timonel, also two.
 */
import { spawn, spawnSync } from 'node:child_process';
import { copyFileSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { startEngine, type TestEngine, until, whyNoEngine } from '../test/support/docker.ts';
import { freshHome, type Home, root } from '../test/support/home.ts';
import { type LoadReport, renderReport, startLoad } from '../test/support/load.ts';
import { printFigures } from './figures.ts';

const { values } = parseArgs({ options: { changes: { type: 'string', default: '3' } } });
const changes = Number(values.changes);

const why = whyNoEngine() ?? missing('docker-compose');
if (why !== undefined) throw new Error(why);

interface Stack {
  readonly name: string;
  readonly port: number;
  readonly replicas: number;
}

/** Brings the stack to what its file says now. */
type Deployer = (folder: string) => Promise<void>;

interface Outcome {
  readonly report: LoadReport;
  /** Of each change: from the command to its end. */
  readonly seconds: readonly number[];
}

await using engine = await startEngine();
await using home = await freshHome();
const env = { ...process.env, DOCKER_HOST: `unix://${engine.socketPath}`, DOCKER_CONFIG: engine.dir };
engine.redisImage();

const timonel: Deployer = (folder) => run(join(root, 'timonel'), ['deploy', folder, '--runtime', 'docker'], folder);
const compose: Deployer = (folder) => run('docker-compose', ['up', '-d', '--build'], folder);

const byTimonel = await measure({ name: 'one', port: home.httpPort + 11, replicas: 1 }, timonel);
const byTimonelTwo = await measure({ name: 'two', port: home.httpPort + 12, replicas: 2 }, timonel);
await home.cli(['down', '--all', '-y'], { env: { ...home.env, DOCKER_HOST: env.DOCKER_HOST } });
const byCompose = await measure({ name: 'three', port: home.httpPort + 13, replicas: 1 }, compose);
await run('docker-compose', ['down', '-t', '2'], join(home.dir, 'three'));

printFigures(`${changes} changes of one service under load, each with its image built anew`, [
  ...figuresOf('timonel deploy', byTimonel, 0),
  ...figuresOf('timonel deploy, two copies', byTimonelTwo, 0),
  ...figuresOf('docker-compose up -d --build', byCompose, undefined),
]);

async function measure(stack: Stack, deploy: Deployer): Promise<Outcome> {
  const folder = join(home.dir, stack.name);
  mkdirSync(folder);
  copyFileSync(join(root, 'test/fixtures/app/server.mjs'), join(folder, 'server.mjs'));
  write(stack, engine, home, 0);
  await deploy(folder);
  await until(
    () => answers(stack.port),
    60_000,
    () => `${stack.name} does not answer`,
  );
  const load = startLoad({
    address: '127.0.0.1',
    port: stack.port,
    host: 'localhost',
    workers: { 'keep-alive': 2, think: 4, fresh: 4, post: 2 },
    pauseMs: { 'keep-alive': 20, think: 40, fresh: 40, post: 60 },
    path: (kind) => (kind === 'post' ? '/echo' : '/'),
    timeoutMs: 10_000,
  });
  const seconds: number[] = [];
  for (let version = 1; version <= changes; version++) {
    write(stack, engine, home, version);
    const begun = performance.now();
    await deploy(folder);
    seconds.push((performance.now() - begun) / 1000);
    await until(
      () => answers(stack.port),
      60_000,
      () => `${stack.name} does not answer`,
    );
  }
  const report = await load.stop();
  console.log(`\n${stack.name}\n${renderReport(report)}`);
  return { report, seconds };
}

/** A new version is a new file in the image and a new variable. */
function write({ name, port, replicas }: Stack, from: TestEngine, of: Home, version: number): void {
  const folder = join(of.dir, name);
  writeFileSync(join(folder, 'version'), `${version}\n`);
  writeFileSync(
    join(folder, 'Dockerfile'),
    `FROM ${from.nodeImage()}
WORKDIR /app
COPY server.mjs version ./
ENV HOST=0.0.0.0 PORT=8080
CMD ["node", "server.mjs"]
`,
  );
  writeFileSync(
    join(folder, 'docker-compose.yml'),
    `version: "3.8"
services:
  web:
    build: .
    environment: { VERSION: "${version}" }
    ports: ["127.0.0.1:${port}:8080"]
    healthcheck: { test: [CMD, curl, -fs, "http://127.0.0.1:8080/health"], interval: 1s, retries: 3 }
    deploy: { replicas: ${replicas} }
  cache:
    image: redis:7-alpine
    command: [redis-server, --save, ""]
`,
  );
}

function figuresOf(name: string, { report, seconds }: Outcome, budget: number | undefined) {
  const middle = seconds.toSorted((a, b) => a - b)[Math.floor(seconds.length / 2)] ?? Number.NaN;
  return [
    { name: `${name}: requests`, value: report.requests, unit: '', atLeast: 100 },
    {
      name: `${name}: failed requests`,
      value: report.failures.length,
      unit: '',
      ...(budget === undefined ? {} : { budget }),
    },
    { name: `${name}: time without an answer, longest`, value: longestGap(report), unit: 's' },
    { name: `${name}: command, median`, value: middle, unit: 's' },
  ];
}

/** The longest run of failures without 250 ms between two of them, seconds. */
function longestGap(report: LoadReport): number {
  let longest = 0;
  let from: number | undefined;
  let last = Number.NEGATIVE_INFINITY;
  for (const { at } of report.failures.toSorted((a, b) => a.at - b.at)) {
    if (from === undefined || at - last > 250) from = at;
    longest = Math.max(longest, at - from);
    last = at;
  }
  return longest / 1000;
}

async function answers(port: number): Promise<boolean> {
  return fetch(`http://127.0.0.1:${port}/health`, { signal: AbortSignal.timeout(1000) }).then(
    (answer) => answer.ok,
    () => false,
  );
}

function run(program: string, args: readonly string[], cwd: string): Promise<void> {
  const child = spawn(program, args, {
    cwd,
    env: { ...env, ...home.env, DOCKER_HOST: env.DOCKER_HOST },
    stdio: 'pipe',
  });
  const said: string[] = [];
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (text) => said.push(String(text)));
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (code) =>
      code === 0 ? resolve() : reject(new Error(`${program} ${args.join(' ')}: ${said.join('').slice(-2000)}`)),
    );
  });
}

function missing(program: string): string | undefined {
  return spawnSync('sh', ['-c', `command -v ${program}`]).status === 0
    ? undefined
    : `needs ${program}: apt-get install ${program}`;
}
