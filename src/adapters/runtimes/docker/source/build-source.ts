import { existsSync, readFileSync, statSync } from 'node:fs';
import { dirname, isAbsolute, join, relative, resolve } from 'node:path';
import { fail } from '#core/errors.ts';
import { canonicalJson } from '#core/hash.ts';
import type { Build, Service } from '#model/project.ts';
import { type ContextEntry, hashContext, listContext } from '../../process/source/context.ts';
import { type DockerfileFacts, readDockerfile } from './dockerfile.ts';
import { readIgnored } from './ignore.ts';

/** A build's files and words, read but not yet sent. */
export interface BuildInput {
  readonly context: string;
  readonly entries: readonly ContextEntry[];
  readonly dockerfile: DockerfileText;
  readonly facts: DockerfileFacts;
  /** `build:` and a hash of everything that goes into the image; equal revisions are built once. */
  readonly revision: string;
}

interface DockerfileText {
  readonly text: string;
  /** Its path inside the context; undefined when it must be sent beside it. */
  readonly inContext: string | undefined;
}

/** Attributes of `build` that choose how and not what. */
const notContent = new Set([
  'context',
  'dockerfile',
  'dockerfile_inline',
  'tags',
  'cache_from',
  'cache_to',
  'no_cache',
  'pull',
]);

/**
 * Reads a service's build: which files count, and the revision they make. The same input for two services is the same
 * revision, so it is built once.
 *
 * @throws DOCKER_BUILD_REMOTE, DOCKER_CONTEXT_MISSING, DOCKER_DOCKERFILE_MISSING
 */
export async function readBuild(
  service: Service,
  name: string,
  directory: string,
  signal: AbortSignal,
): Promise<BuildInput> {
  const build = service.build ?? {};
  const context = contextOf(build, name, directory);
  const dockerfile = dockerfileOf(build, context, name);
  const entries = await listContext(context, { ignored: readIgnored(context, dockerfile.inContext), signal });
  const seed = canonicalJson({
    dockerfile: dockerfile.text,
    platform: service.platform,
    ...Object.fromEntries(Object.entries(build).filter(([key]) => !notContent.has(key))),
  });
  const counted = entries.filter((entry) => !isComposeFile(`${context}/${entry.path}`, directory));
  const hash = await hashContext(context, { entries: counted, seed, signal });
  const facts = readDockerfile(dockerfile.text, build.target);
  return { context, entries, dockerfile, facts, revision: `build:${hash}` };
}

/**
 * The project's own Compose files are sent, as `docker build` would, but make no new revision: a change of a replica
 * count or a route in them must not replace instances.
 */
function isComposeFile(path: string, directory: string): boolean {
  return /\/(docker-)?compose(\.[\w.-]+)?\.ya?ml$/.test(path) && dirname(path) === directory;
}

function isRemoteContext(context: string): boolean {
  return /^(https?|git|ssh):\/\/|^git@|^github\.com\//.test(context);
}

function contextOf(build: Build, service: string, directory: string): string {
  const given = build.context ?? '.';
  if (isRemoteContext(given)) throw fail('DOCKER_BUILD_REMOTE', { service, context: given });
  const context = resolve(directory, given);
  if (!existsSync(context) || !statSync(context).isDirectory())
    throw fail('DOCKER_CONTEXT_MISSING', { service, context });
  return context;
}

function dockerfileOf(build: Build, context: string, service: string): DockerfileText {
  if (build.dockerfile_inline !== undefined) return { text: build.dockerfile_inline, inContext: undefined };
  const path = resolve(context, build.dockerfile ?? 'Dockerfile');
  if (!existsSync(path)) throw fail('DOCKER_DOCKERFILE_MISSING', { service, path });
  const inside = relative(context, path);
  const isInside = !inside.startsWith('..') && !isAbsolute(inside);
  return { text: readFileSync(join(path), 'utf8'), inContext: isInside ? inside : undefined };
}
