import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { readJson, removeJson, writeJson } from './json-file.ts';
import { Locks } from './lock.ts';

/** A network of a project as it stands in the engine. */
export interface NetworkState {
  /** Its real name. */
  readonly name: string;
  readonly id: string;
  readonly external: boolean;
  readonly internal: boolean;
  readonly driver: string;
  readonly subnets: readonly string[];
  /** Addresses that we give out ourselves; undefined where the engine alone does. */
  readonly instanceRange: string | undefined;
  readonly serviceRange: string | undefined;
}

/** The address that stands for a service. */
export interface ServiceState {
  readonly address: string;
  /** Keys of the networks whose members may use it. */
  readonly networks: readonly string[];
}

/** A container that another tool made and that is an instance of ours now. */
export interface AdoptedState {
  readonly container: string;
  readonly service: string;
  readonly release: number;
  readonly fingerprint: string;
  /** Our tag of the image that it runs. */
  readonly image: string;
  /** The network over which the host reaches it. */
  readonly network: string | undefined;
  /** Its address where no network says it. */
  readonly address: string | undefined;
  /** The restart policy that it had: `NAME` or `NAME:RETRIES`. */
  readonly restart: string;
}

/** New connections to a published port that a container holds go to the proxy at `via` instead. */
export interface DiversionState {
  readonly address: string;
  readonly port: number;
  readonly via: number;
}

/** What we must remember of a project beyond what the engine's own records say. */
export interface ProjectState {
  readonly networks: Readonly<Record<string, NetworkState>>;
  readonly services: Readonly<Record<string, ServiceState>>;
  /** Per network name, where the search for the next instance's address starts, so that addresses rest after use. */
  readonly cursors: Readonly<Record<string, number>>;
  /** Starts beyond the first, by instance. */
  readonly restarts: Readonly<Record<string, number>>;
  /** Containers that were taken over, by the id of the instance that each is now. */
  readonly adopted: Readonly<Record<string, AdoptedState>>;
  readonly diversions: readonly DiversionState[];
}

const nothing: ProjectState = { networks: {}, services: {}, cursors: {}, restarts: {}, adopted: {}, diversions: [] };

/** The state files of a home's projects. One process writes them: the daemon. */
export class ProjectStates {
  readonly #folder: string;
  readonly #known = new Map<string, ProjectState>();
  readonly #locks = new Locks();

  constructor(folder: string) {
    this.#folder = folder;
  }

  async read(project: string): Promise<ProjectState> {
    const known = this.#known.get(project);
    if (known !== undefined) return known;
    const state = { ...nothing, ...(await readJson<ProjectState>(this.#file(project))) };
    this.#known.set(project, state);
    return state;
  }

  /** Replaces the state by what `change` makes of it; changes of one project run one after the other. */
  change(
    project: string,
    change: (state: ProjectState) => ProjectState | Promise<ProjectState>,
  ): Promise<ProjectState> {
    return this.#locks.run(project, async () => {
      const before = await this.read(project);
      const after = await change(before);
      if (after === before) return before;
      await writeJson(this.#file(project), after);
      this.#known.set(project, after);
      return after;
    });
  }

  forget(project: string): Promise<void> {
    return this.#locks.run(project, async () => {
      await removeJson(this.#file(project));
      this.#known.delete(project);
    });
  }

  /** Has this project (any, when undefined) ever been made here? */
  async isKnown(project?: string): Promise<boolean> {
    const known = await this.projects();
    return project === undefined ? known.length > 0 : known.includes(project);
  }

  /** Names of all projects with a state. */
  async projects(): Promise<readonly string[]> {
    const files = await readdir(this.#folder).catch(() => []);
    return files.filter((file) => file.endsWith('.json')).map((file) => file.slice(0, -'.json'.length));
  }

  async all(): Promise<ReadonlyMap<string, ProjectState>> {
    const names = await this.projects();
    const states = await Promise.all(names.map(async (name) => [name, await this.read(name)] as const));
    return new Map(states);
  }

  #file(project: string): string {
    return join(this.#folder, `${project}.json`);
  }
}
