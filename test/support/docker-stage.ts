import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { systemClock } from '#adapters/clock.ts';
import { createDockerRuntime, type DockerOptions } from '#adapters/runtimes/docker/index.ts';
import { fingerprint } from '#core/hash.ts';
import type { Service } from '#model/project.ts';
import type { ServiceSpec } from '#model/spec.ts';
import type { Runtime } from '#world/runtime.ts';
import { never, type RuntimeStage, type ServiceWishes } from '../contracts/stage.ts';
import type { TestEngine } from './docker.ts';
import { specOf } from './process-stage.ts';

export interface DockerStage extends RuntimeStage {
  /** The home's path. */
  readonly home: string;
  /** A prepared service with these attributes, as the model has them. */
  made(name: string, service: Service, given?: Partial<ServiceSpec>): Promise<ServiceSpec>;
}

export interface DockerStageOptions {
  readonly socketPath?: string;
  readonly projectName?: string;
  readonly deadlines?: NonNullable<DockerOptions['deadlines']>;
  readonly buildMemory?: number;
}

let count = 0;

/** A docker runtime over a home of its own on a test's engine; the containers and addresses it made end with it. */
export async function dockerStage(engine: TestEngine, options: DockerStageOptions = {}): Promise<DockerStage> {
  const base = mkdtempSync(join(tmpdir(), 'timonel-docker-'));
  const home = join(base, 'home');
  count += 1;
  const project = { name: options.projectName ?? `contract${count}`, directory: join(base, 'project') };
  mkdirSync(home);
  mkdirSync(project.directory);
  const { projectName: _name, socketPath = engine.socketPath, ...rest } = options;
  const open = (): Runtime => createDockerRuntime({ home, clock: systemClock, socketPath, ...rest });
  const stage: DockerStage = {
    project,
    home,
    runtime: open(),
    async reopen() {
      await stage.runtime.close();
      stage.runtime = open();
      return stage.runtime;
    },
    service: (program, wishes) => programService(stage, engine, program, wishes),
    made: (name, service, given) => madeService(stage, name, service, given),
    async [Symbol.asyncDispose]() {
      await stage.runtime.close();
      const runtime = createDockerRuntime({ home, clock: systemClock, socketPath: engine.socketPath });
      try {
        for (const one of await runtime.observe()) {
          await runtime.stop(one.project, one.id, { signal: 'SIGKILL', graceMs: 0 });
          await runtime.remove(one.project, one.id);
        }
        await runtime.removeProject(project.name);
      } finally {
        await runtime.close();
        rmSync(base, { recursive: true, force: true });
      }
    },
  };
  await stage.runtime.ensureProject({ name: project.name, services: {}, networks: { default: null } }, project);
  return stage;
}

function programService(
  stage: DockerStage,
  engine: TestEngine,
  program: string,
  { name = 'web', environment = {}, files = [], attributes = {} }: ServiceWishes = {},
): Promise<ServiceSpec> {
  const command = ['node', '-e', program];
  const service = { image: engine.nodeImage(), command, networks: { default: null }, ...attributes };
  return stage.made(name, service, { environment: { PORT: '5000', ...environment }, files });
}

async function madeService(
  stage: DockerStage,
  name: string,
  service: Service,
  given: Partial<ServiceSpec> = {},
): Promise<ServiceSpec> {
  const process = { command: undefined, cwd: '.', setup: [], env: {} };
  const { name: project, directory } = stage.project;
  const source = await stage.runtime.resolveSource({ project, directory, name, service, process }, never);
  const { environment = {}, files = [], ...rest } = given;
  const print = fingerprint([name, service, environment, files, source]);
  const spec = specOf({
    name,
    service,
    environment,
    files,
    source,
    process,
    ...rest,
    runtime: 'docker',
    fingerprint: print,
  });
  // Without its volumes: a bind source that is missing is for the start to find.
  const { volumes: _volumes, ...alone } = service;
  await stage.runtime.prepare({ ...spec, service: alone }, stage.project, () => undefined, never);
  return spec;
}
