import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createStore } from '#adapters/sqlite/index.ts';
import type { Engine, Running } from '#engine/api.ts';
import { draftOf } from '#engine/desired.ts';
import { type CreateOptions, createEngine } from '#engine/engine.ts';
import type { DeploymentEvent } from '#model/event.ts';
import type { Release } from '#model/release.ts';
import type { ServiceSpec } from '#model/spec.ts';
import type { ProjectFiles } from '#world/project-files.ts';
import type { Store } from '#world/store.ts';
import type { World } from '#world/world.ts';
import { makeRelease } from '../specs.ts';
import { fakeBalancer } from './fake-balancer.ts';
import { FakeClock } from './fake-clock.ts';
import { fakeMeter } from './fake-meter.ts';
import { fakeProber, fakeRuntime } from './fake-runtime.ts';
import { Machine } from './machine.ts';
import { Life } from './mortal.ts';

const request = { cwd: '/srv/shop', env: {} };
export const byTest = { waitMs: 0, by: 'a test' };

/** The release drafts of these tests come from no file. */
const noFiles: ProjectFiles = {
  readText: () => undefined,
  readBytes: () => undefined,
  kind: () => undefined,
  realPath: () => undefined,
  size: () => undefined,
};

/** A machine with one daemon's engine on it, real records on disk, and pretended everything else. */
export class FakeWorld {
  readonly clock = new FakeClock();
  readonly machine = new Machine(this.clock);
  /** What the pretended proxy measured; tests tell it. */
  readonly store: Store;
  readonly world: World;
  readonly problems: string[] = [];
  /** The daemon that lives now. */
  life: Life;
  engine: Engine;
  #wanted: Release = makeRelease(0, []);
  readonly #folder: string;
  readonly #options: CreateOptions;

  constructor(options: CreateOptions = {}) {
    this.#options = options;
    this.#folder = mkdtempSync(join(tmpdir(), 'timonel-fake-'));
    this.store = createStore({ file: join(this.#folder, 'state.db'), durability: 'crash' });
    this.world = this.makeWorld(this.store);
    this.life = new Life(this.world);
    this.engine = this.makeEngine(this.life.world, options);
  }

  makeWorld(store: Store): World {
    return {
      runtimes: { process: fakeRuntime(this.machine), docker: undefined },
      balancer: fakeBalancer(this.machine),
      meter: fakeMeter(this.machine),
      store,
      prober: fakeProber(this.machine),
      clock: this.clock,
      files: noFiles,
      edge: { address: '127.0.0.1', httpPort: 80, httpsPort: 443 },
    };
  }

  makeEngine(world: World, options: CreateOptions): Engine {
    return createEngine(world, {
      resolve: async () => {
        const { model, directory, services, project } = this.#wanted;
        return { draft: draftOf(model, directory, services, this.clock.now()), project, findings: [] };
      },
      onFailure: (doing, error) => this.problems.push(`${doing}: ${String(error)}`),
      ...options,
    });
  }

  /** The daemon is gone, without a word, and another starts in its place, to die at its `dieAt`-th effect. */
  async replaceDaemon(dieAt?: number): Promise<Life> {
    this.life.die();
    this.life = new Life(this.world, dieAt);
    this.engine = this.makeEngine(this.life.world, this.#options);
    await Promise.race([this.engine.recover(), this.life.death]);
    return this.life;
  }

  /** What the user's files say from now on. */
  files(...specs: readonly ServiceSpec[]): void {
    this.#wanted = makeRelease(0, specs);
  }

  /** Deploys these services and waits for the end. */
  async deploy(...specs: readonly ServiceSpec[]): Promise<Told> {
    this.files(...specs);
    return tell(await this.engine.deploy(request, byTest));
  }

  begin(...specs: readonly ServiceSpec[]): Promise<Running> {
    this.files(...specs);
    return this.engine.deploy(request, byTest);
  }

  /** Begins a deployment of another project. */
  beginOther(project: string, ...specs: readonly ServiceSpec[]): Promise<Running> {
    this.#wanted = makeRelease(0, specs, project);
    return this.engine.deploy(request, byTest);
  }

  async close(): Promise<void> {
    await this.engine.close();
    this.clock.freeze();
    this.store.close();
    rmSync(this.#folder, { recursive: true, force: true });
  }

  get folder(): string {
    return this.#folder;
  }

  /** Ids of the processes that run, and of those that get new requests. */
  get running(): string[] {
    return this.machine.observe().flatMap((one) => (one.state === 'running' ? [one.id] : []));
  }

  serving(service: string, port = 8000): string[] {
    const backend = this.machine.table.backends[`shop/${service}:${port}`];
    return (backend?.servers ?? []).flatMap((one) => (one.state === 'ready' ? [one.id] : []));
  }
}

/** A deployment's events, read to the end. */
export interface Told {
  readonly events: readonly DeploymentEvent[];
  readonly end: Extract<DeploymentEvent, { event: 'end' }>;
  readonly steps: readonly string[];
}

export async function tell(running: Running): Promise<Told> {
  const events: DeploymentEvent[] = [];
  for await (const event of running.events()) events.push(event);
  const end = events.at(-1);
  if (end?.event !== 'end') throw new Error('a deployment told no end');
  const steps = events.flatMap((event) => (event.event === 'step-done' ? [event.step] : []));
  return { events, end, steps };
}
