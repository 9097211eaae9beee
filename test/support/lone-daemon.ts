/*
 * A daemon without a socket, for tests that let it die: it takes orders from its parent process and tells it every
 * event. TIMONEL_FAULT names the step at which it kills itself, as a power cut would: `before:PATTERN` when the step is
 * journalled and not run, `after:PATTERN` when it has run and that is not journalled. PATTERN is a regular expression.
 *
 *   fork('lone-daemon.ts', [HOME, HTTP_PORT, HTTPS_PORT, DOCKER])
 *
 * DOCKER: undefined, or the engine's socket and the deadlines of calls to it, as JSON.
 */
import { flushCompileCache } from 'node:module';
import { join } from 'node:path';
import { systemClock } from '#adapters/clock.ts';
import { projectFiles } from '#adapters/files/project-files.ts';
import { createHaproxy } from '#adapters/haproxy/index.ts';
import { createProber } from '#adapters/prober.ts';
import { createProcessRuntime } from '#adapters/runtimes/process/index.ts';
import { createStore } from '#adapters/sqlite/index.ts';
import { say as sentenceOf } from '#core/messages/say.ts';
import type { Running } from '#engine/api.ts';
import { createEngine } from '#engine/engine.ts';
import { InvalidInput } from '#engine/invalid-input.ts';
import { TrafficBook } from '#monitor/traffic/traffic-book.ts';
import type { Runtime } from '#world/runtime.ts';
import type { World } from '#world/world.ts';
import type { Answer, EngineAccess, Order } from './lone-daemon-words.ts';

const [home = '', http = '', https = '', docker] = process.argv.slice(2);
const edge = { address: '127.0.0.1', httpPort: Number(http), httpsPort: Number(https) };
const clock = systemClock;
const store = createStore({ file: join(home, 'timonel.db') });
const traffic = new TrafficBook();
const access = docker === undefined ? undefined : (JSON.parse(docker) as EngineAccess);
const world: World = {
  runtimes: {
    process: createProcessRuntime({ home, clock }),
    docker: access && (await openDocker(access)),
  },
  balancer: createHaproxy({
    home,
    httpPort: edge.httpPort,
    httpsPort: edge.httpsPort,
    edgeAddress: edge.address,
    clock,
    traffic,
  }),
  meter: traffic,
  store,
  prober: createProber(),
  clock,
  files: projectFiles,
  edge,
};
const engine = createEngine(world, {
  onStep,
  onFailure: (doing, error) => say({ kind: 'problem', text: `${doing}: ${String(error)}` }),
});

/** Loaded only here: most tests have no engine. */
async function openDocker(given: EngineAccess): Promise<Runtime> {
  const { createDockerRuntime } = await import('#adapters/runtimes/docker/index.ts');
  const runtime = createDockerRuntime({ home, clock, ...given });
  // As the real daemon does: the proxy needs the addresses of services.
  await runtime.ready().catch((error: unknown) => say({ kind: 'problem', text: String(error) }));
  return runtime;
}

await engine.recover();
// One that is killed would compile everything anew the next time. Meant for this process, not for what it starts.
flushCompileCache();
delete process.env.NODE_COMPILE_CACHE;
say({ kind: 'ready' });
process.on('message', (order: Order) => {
  carryOut(order).catch((error: unknown) => say({ kind: 'refused', text: textOf(error) }));
});

function onStep(moment: 'before' | 'after', step: string): void {
  const [wanted, pattern] = (process.env.TIMONEL_FAULT ?? '').split(/:(.*)/s);
  if (wanted === moment && pattern !== undefined && new RegExp(pattern).test(step))
    process.kill(process.pid, 'SIGKILL');
}

async function carryOut(order: Order): Promise<void> {
  const by = { waitMs: 60_000, by: 'a test' };
  const request = { cwd: 'cwd' in order ? order.cwd : home, env: {} };
  switch (order.kind) {
    case 'plan':
      return say({ kind: 'planned', steps: (await engine.plan(request)).steps });
    case 'deploy':
      return follow(await engine.deploy(request, by));
    case 'down':
      return follow(await engine.down(order.project, by));
    case 'status': {
      const status = await engine.status(order.project);
      return say({ kind: 'status', status, unfinished: store.unfinishedDeployments().length });
    }
    case 'look': {
      const runtime = access === undefined ? world.runtimes.process : world.runtimes.docker;
      const instances = (await runtime?.observe(order.project)) ?? [];
      const parked = store.parked().map((one) => one.instance);
      return say({ kind: 'seen', instances, parked, holder: store.lockHolder(order.project) });
    }
    default:
      return order satisfies never;
  }
}

async function follow(running: Running): Promise<void> {
  for await (const event of running.events()) say({ kind: 'event', event });
}

function textOf(error: unknown): string {
  const findings = error instanceof InvalidInput ? error.findings.map((one) => sentenceOf(one.said, 'en')) : [];
  return [String(error), ...findings].join('\n');
}

function say(answer: Answer): void {
  process.send?.(answer);
}
