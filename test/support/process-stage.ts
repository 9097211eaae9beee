import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { systemClock } from '#adapters/clock.ts';
import { createProcessRuntime, type ProcessRuntime } from '#adapters/runtimes/process/index.ts';
import { fingerprint } from '#core/hash.ts';
import type { ServiceSpec } from '#model/spec.ts';
import { never, port, type RuntimeStage, type ServiceWishes } from '../contracts/stage.ts';

export interface ProcessStage extends RuntimeStage {
  runtime: ProcessRuntime;
  reopen(): Promise<ProcessRuntime>;
  /** The home's path. */
  readonly home: string;
}

/** A process runtime over a home of its own; everything it started ends with it. */
export async function processStage(options: { readonly home?: string } = {}): Promise<ProcessStage> {
  const base = mkdtempSync(join(tmpdir(), 'timonel-process-'));
  const home = options.home ?? join(base, 'home');
  const project = { name: 'contract', directory: join(base, 'project') };
  mkdirSync(project.directory);
  const open = (): ProcessRuntime => createProcessRuntime({ home, clock: systemClock });
  const stage: ProcessStage = {
    project,
    home,
    runtime: open(),
    async reopen() {
      await stage.runtime.close();
      stage.runtime = open();
      return stage.runtime;
    },
    service: (program, wishes) => programService(stage, program, wishes),
    async [Symbol.asyncDispose]() {
      await endAll(stage);
      rmSync(base, { recursive: true, force: true });
    },
  };
  return stage;
}

async function programService(stage: ProcessStage, program: string, wishes: ServiceWishes = {}): Promise<ServiceSpec> {
  const { name = 'web', environment = {}, files = [], attributes = {} } = wishes;
  const context = join(stage.project.directory, name);
  mkdirSync(context, { recursive: true });
  writeFileSync(join(context, 'main.js'), program);
  const service = { build: { context }, ...attributes };
  const process = { command: ['node', 'main.js'], cwd: '.', setup: [], env: {} };
  const request = { project: stage.project.name, directory: stage.project.directory, name, service, process };
  const source = await stage.runtime.resolveSource(request, never);
  const spec = specOf({ name, service, environment, files, source, process });
  await stage.runtime.prepare(spec, stage.project, () => undefined, never);
  return spec;
}

type Given = Pick<ServiceSpec, 'name' | 'service' | 'environment' | 'files' | 'source' | 'process'>;

/** A whole service spec around what a test cares for. */
export function specOf(given: Given & Partial<ServiceSpec>): ServiceSpec {
  return {
    runtime: 'process',
    replicas: 1,
    endpoints: [{ port, protocol: 'http', because: 'test' }],
    routes: [],
    balance: 'roundrobin',
    probe: {
      kind: 'running',
      forMs: 0,
      intervalMs: 1000,
      timeoutMs: 1000,
      retries: 1,
      startPeriodMs: 0,
      startIntervalMs: 100,
    },
    strategy: { kind: 'recreate' },
    strategyReason: 'default',
    observe: { forMs: 0, errorRatio: 1, minRequests: 1 },
    hold: { maxMs: 0, limit: 1 },
    releaseCommand: undefined,
    dependsOn: {},
    restart: { condition: 'none', delayMs: 0, maxAttempts: undefined, windowMs: 0 },
    stopSignal: 'SIGTERM',
    stopGraceMs: 5000,
    oneShot: false,
    fingerprint: fingerprint([given.name, given.environment, given.source.revision]),
    ...given,
  };
}

async function endAll(stage: ProcessStage): Promise<void> {
  await stage.reopen();
  for (const { project, id } of await stage.runtime.observe()) {
    await stage.runtime.stop(project, id, { signal: 'SIGKILL', graceMs: 0 });
    await stage.runtime.remove(project, id);
  }
  await stage.runtime.close();
}
