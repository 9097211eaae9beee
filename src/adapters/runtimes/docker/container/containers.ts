import type { Engine } from '../engine/client.ts';
import { label } from '../labels.ts';
import { containerName } from '../names.ts';
import type { AdoptedState, ProjectStates } from '../state/project-state.ts';
import type { ContainerInspected, ContainerListed } from './api.ts';
import { inspectContainer, listById, listContainers, type WantedLabels } from './lookup.ts';

interface Options {
  readonly engine: Engine;
  readonly states: ProjectStates;
  readonly homeId: string;
}

interface Adopted extends AdoptedState {
  readonly project: string;
  readonly id: string;
}

/**
 * Containers by name, id and label. A label cannot be put on a container that exists, so those that were taken over
 * from another tool stand in the project's state; here they carry the labels that ours have, and nobody else needs to
 * know the difference.
 */
export class Containers {
  readonly #options: Options;

  constructor(options: Options) {
    this.#options = options;
  }

  /** The container with this name or id, or undefined. */
  async inspect(name: string): Promise<ContainerInspected | undefined> {
    const found = await inspectContainer(this.#options.engine, name);
    if (found === undefined) return undefined;
    const labels = await this.adoptedLabels(found.Id);
    if (labels === undefined) return found;
    return { ...found, Config: { ...found.Config, Labels: { ...found.Config.Labels, ...labels } } };
  }

  /** The container of an instance, or undefined. */
  async ofInstance(project: string, id: string): Promise<ContainerInspected | undefined> {
    return this.inspect(await this.nameOf(project, id));
  }

  /** What the engine calls the container of an instance. */
  async nameOf(project: string, id: string): Promise<string> {
    const { adopted } = await this.#options.states.read(project);
    return adopted[id]?.container ?? containerName(project, id);
  }

  /** Containers, running or not, that carry all these labels. */
  async list(labels: WantedLabels): Promise<readonly ContainerListed[]> {
    const [listed, adopted] = await Promise.all([listContainers(this.#options.engine, labels), this.#adopted()]);
    if (adopted.length === 0) return listed;
    const byContainer = new Map(adopted.map((one) => [one.container, one]));
    const others = listed.filter((one) => !byContainer.has(one.Id));
    const theirs = (await listById(this.#options.engine, [...byContainer.keys()])).map((one) => {
      const known = byContainer.get(one.Id);
      return known === undefined ? one : { ...one, Labels: { ...one.Labels, ...this.#labelsOf(known) } };
    });
    return [...others, ...theirs.filter((one) => carries(one.Labels, labels))];
  }

  /** The labels that a container which was taken over has in our eyes; undefined for any other. */
  async adoptedLabels(container: string): Promise<Readonly<Record<string, string>> | undefined> {
    const known = (await this.#adopted()).find((one) => one.container === container);
    return known === undefined ? undefined : this.#labelsOf(known);
  }

  async #adopted(): Promise<readonly Adopted[]> {
    const states = [...(await this.#options.states.all())];
    return states.flatMap(([project, { adopted }]) =>
      Object.entries(adopted).map(([id, one]) => ({ ...one, project, id })),
    );
  }

  #labelsOf(one: Adopted): Record<string, string> {
    return {
      [label.home]: this.#options.homeId,
      [label.project]: one.project,
      [label.service]: one.service,
      [label.instance]: one.id,
      [label.release]: String(one.release),
      [label.fingerprint]: one.fingerprint,
      [label.image]: one.image,
      ...(one.network === undefined ? {} : { [label.network]: one.network }),
      ...(one.address === undefined ? {} : { [label.address]: one.address }),
    };
  }
}

function carries(labels: Readonly<Record<string, string>>, wanted: WantedLabels): boolean {
  return Object.entries(wanted).every(
    ([name, value]) => name in labels && (value === undefined || labels[name] === value),
  );
}
