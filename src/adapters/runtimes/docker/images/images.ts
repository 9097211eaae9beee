import { existsSync } from 'node:fs';
import { fail } from '#core/errors.ts';
import type { Service } from '#model/project.ts';
import type { ServiceSpec, Source } from '#model/spec.ts';
import type { Clock } from '#world/clock.ts';
import type { BuildWishes, ProjectRef, Rebuilding, SourceRequest } from '#world/runtime.ts';
import { demandBindSources } from '../container/bind-sources.ts';
import { bindSources } from '../container/mounts-part.ts';
import type { Engine } from '../engine/client.ts';
import { imageTag } from '../names.ts';
import { readBuild } from '../source/build-source.ts';
import type { DockerHome } from '../state/home.ts';
import { Lock } from '../state/lock.ts';
import { type Builder, buildImage } from './build.ts';
import { knownPorts } from './known-ports.ts';
import { ImageLedger } from './ledger.ts';
import { findImage, imagePath, portsOf, removeImage } from './lookup.ts';
import { demandKeptData, namelessVolumes } from './nameless-volumes.ts';
import { obtainImage } from './pull.ts';
import { latestRevision, originOf, rebuiltRevision } from './rebuilt.ts';
import { parseReference, taggedName } from './reference.ts';
import { type ImageSource, resolveImage } from './resolve.ts';

interface Options {
  readonly engine: Engine;
  readonly clock: Clock;
  readonly home: DockerHome;
  readonly buildMemory: number;
}

interface Preparation {
  readonly spec: ServiceSpec;
  readonly project: ProjectRef;
  readonly progress: (line: string) => void;
  readonly signal: AbortSignal;
}

interface Building extends Preparation {
  /** The revision that the files must still have. */
  readonly input: string;
  readonly tag: string;
  readonly args: BuildWishes['args'];
  readonly wishes?: BuildWishes;
}

/** For this long one answer about a tag serves all services of a deployment, milliseconds. */
const sameDeploymentMs = 10_000;

/** Images of all projects: pinned, made, tagged as ours. */
export class Images {
  readonly ledger: ImageLedger;
  readonly #engine: Engine;
  readonly #clock: Clock;
  readonly #buildMemory: number;
  /** One build or pull at a time: two builds of one machine's memory are one too many. */
  readonly #making = new Lock();
  readonly #resolved = new Map<string, { readonly at: number; readonly source: Promise<ImageSource> }>();

  constructor({ engine, clock, home, buildMemory }: Options) {
    this.#engine = engine;
    this.#clock = clock;
    this.#buildMemory = buildMemory;
    this.ledger = new ImageLedger(home.root);
  }

  /** Pins what a service is made from. Changes nothing in the engine. */
  async resolve({ project, service, name, directory }: SourceRequest, signal: AbortSignal): Promise<ImageSource> {
    if (service.build === undefined) {
      const source = await this.#resolveOnce(service.image ?? '', service.pull_policy);
      return { ...source, ports: await this.ledger.settlePorts(source.revision, source.ports) };
    }
    const build = await readBuild(service, name, directory, signal);
    const base = build.facts.base;
    const found = [...build.facts.ports, ...(base === undefined ? [] : await this.#portsOfBase(base))];
    const ports = await this.ledger.settlePorts(build.revision, [...new Set(found)]);
    const revision = latestRevision((await this.ledger.read()).rebuilt, project, build.revision);
    return { kind: 'image', reference: service.image ?? `${project}-${name}`, revision, ports };
  }

  /** Is the image of this source here, with our tag, every file that the service binds, and a place for its data? */
  async isPrepared(spec: ServiceSpec, project: ProjectRef): Promise<boolean> {
    if (!bindSources(spec.service, project.directory).every((source) => existsSync(source))) return false;
    const image = await findImage(this.#engine, imageTag(project.name, spec.source));
    if (image === undefined) return false;
    return spec.strategy.kind === 'recreate' || namelessVolumes(image, spec.service).length === 0;
  }

  /** Builds or pulls what is not here yet, and tags it as ours. */
  async prepare(preparation: Preparation): Promise<void> {
    const { spec, project } = preparation;
    demandBindSources(spec.name, spec.service, project.directory);
    await this.#making.run(async () => {
      preparation.signal.throwIfAborted();
      if (await this.isPrepared(spec, project)) return;
      const tag = imageTag(project.name, spec.source);
      if ((await findImage(this.#engine, tag)) === undefined) {
        if (isBuild(spec.source)) await this.#buildOnce(preparation, tag);
        else await this.#pull(preparation);
      }
      const image = await findImage(this.#engine, tag);
      if (image !== undefined) demandKeptData(image, spec);
    });
  }

  /** Builds a source although it may have been built. What comes out of it gets a revision of its own. */
  rebuild(rebuilding: Rebuilding): Promise<ImageSource> {
    return this.#making.run(async () => {
      const { spec, project, wishes } = rebuilding;
      const source = spec.source as ImageSource;
      const { input } = originOf((await this.ledger.read()).rebuilt, project.name, source.revision);
      const draft = `${imageTag(project.name, source)}-anew`;
      const before = await findImage(this.#engine, imageTag(project.name, source));
      await this.#build({ ...rebuilding, args: wishes.args, wishes, input, tag: draft });
      const image = await findImage(this.#engine, draft);
      if (image === undefined) throw fail('DOCKER_IMAGE_GONE', { image: draft });
      const isSame = image.Id === before?.Id;
      const revision = isSame ? source.revision : rebuiltRevision(input, image.Id);
      const made = { ...source, revision };
      await this.#tag(draft, imageTag(project.name, made));
      await removeImage(this.#engine, draft);
      if (!isSame)
        await this.ledger.change((entries) => ({
          ...entries,
          rebuilt: [
            ...entries.rebuilt,
            { project: project.name, service: spec.name, input, revision, args: wishes.args },
          ],
        }));
      return made;
    });
  }

  /**
   * The name by which a container of this source is created. It shows in `docker ps`, so people's own name is taken
   * where it leads to the same image.
   *
   * @throws DOCKER_IMAGE_GONE when somebody removed it
   */
  async runnable(project: string, source: Source): Promise<string> {
    const tag = imageTag(project, source);
    const image = await findImage(this.#engine, tag);
    if (image === undefined) throw fail('DOCKER_IMAGE_GONE', { image: tag });
    const reference = parseReference((source as ImageSource).reference);
    const pinned = `${reference.name}@${source.revision}`;
    if (!(image.RepoDigests ?? []).includes(pinned)) return tag;
    return reference.tag === undefined ? pinned : `${reference.name}:${reference.tag}@${source.revision}`;
  }

  /** Gives an image that is here another name. */
  tagAs(image: string, name: string): Promise<void> {
    return this.#tag(image, name);
  }

  #resolveOnce(image: string, policy: string | undefined): Promise<ImageSource> {
    const key = `${policy ?? ''} ${image}`;
    const known = this.#resolved.get(key);
    if (known !== undefined && this.#clock.now() - known.at < sameDeploymentMs) return known.source;
    const source = resolveImage(this.#engine, image, policy);
    this.#resolved.set(key, { at: this.#clock.now(), source });
    // A failure is not kept: the next try may find the registry back.
    source.catch(() => this.#resolved.delete(key));
    return source;
  }

  async #portsOfBase(base: string): Promise<readonly number[]> {
    const reference = parseReference(base);
    const known = knownPorts(reference);
    if (known !== undefined) return known;
    const image = await findImage(this.#engine, reference.digest === undefined ? taggedName(reference) : base);
    return image === undefined ? [] : portsOf(image);
  }

  async #buildOnce(preparation: Preparation, tag: string): Promise<void> {
    const { spec, project } = preparation;
    const origin = originOf((await this.ledger.read()).rebuilt, project.name, spec.source.revision);
    await this.#build({ ...preparation, ...origin, tag });
  }

  async #build({ spec, project, progress, signal, tag, ...given }: Building): Promise<void> {
    const input = await readBuild(spec.service, spec.name, project.directory, signal);
    if (input.revision !== given.input)
      throw fail('DOCKER_CONTEXT_CHANGED', { service: spec.name, context: input.context });
    const builder = await this.#builder(input.facts.needsBuildKit);
    const service = withWishes(spec.service, given);
    await buildImage(this.#engine, {
      ...{ input, service, name: spec.name, tag, builder, progress, signal },
      project: project.name,
      memory: this.#buildMemory,
      onSteps: (steps) => this.#noteSteps(`${project.name} ${input.revision}`, steps),
    });
    if (spec.service.image !== undefined) await this.#tag(tag, spec.service.image);
  }

  async #pull({ spec, project, progress, signal }: Preparation): Promise<void> {
    const source = spec.source as ImageSource;
    const { id, pulled } = await obtainImage(this.#engine, this.#clock, {
      source,
      platform: spec.service.platform,
      progress,
      signal,
    });
    if (pulled !== undefined) {
      const tag = taggedName(parseReference(source.reference));
      await this.ledger.change((entries) => ({ ...entries, pulled: [...entries.pulled, { pinned: pulled, tag }] }));
      // So that the image is found by its name when the registry is away.
      await this.#tag(id, tag);
    }
    await this.#tag(id, imageTag(project.name, source));
  }

  async #tag(image: string, name: string): Promise<void> {
    const reference = parseReference(name);
    await this.#engine.done({
      what: `tag ${name}`,
      method: 'POST',
      path: imagePath(image, 'tag'),
      query: { repo: reference.name, tag: reference.tag ?? 'latest' },
    });
  }

  #noteSteps(key: string, steps: readonly string[]): Promise<void> {
    return this.ledger.change((entries) => {
      const all = [...new Set([...(entries.steps[key] ?? []), ...steps])];
      return { ...entries, steps: { ...entries.steps, [key]: all } };
    });
  }

  /** The engine's own choice, unless the Dockerfile needs BuildKit. The classic builder is the one with a memory bound. */
  async #builder(needsBuildKit: boolean): Promise<Builder> {
    if (needsBuildKit) return 'buildkit';
    return (await this.#engine.greeting()).builder;
  }
}

function withWishes(service: Service, { args, wishes }: Pick<Building, 'args' | 'wishes'>): Service {
  const build = service.build ?? {};
  return {
    ...service,
    build: {
      ...build,
      args: { ...build.args, ...args },
      ...(wishes?.noCache === true ? { no_cache: true } : {}),
      ...(wishes?.pull === true ? { pull: true } : {}),
    },
  };
}

/** A build's revision is a hash of its input; any other names an image by its digest. */
export function isBuild(source: Source): boolean {
  return source.revision.startsWith('build:');
}
