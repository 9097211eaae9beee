import { existsSync, readFileSync, statSync } from 'node:fs';
import { resolve } from 'node:path';
import { fail } from '#core/errors.ts';
import { canonicalJson } from '#core/hash.ts';
import type { Service } from '#model/project.ts';
import type { ProcessOptions, Source } from '#model/spec.ts';
import type { SourceRequest } from '#world/runtime.ts';
import { providerOf } from '../providers/index.ts';
import { requireInstalled } from '../providers/installed.ts';
import type { Provider } from '../providers/provider.ts';
import { hashContext, listContext } from './context.ts';
import { readDockerfile } from './dockerfile.ts';
import { readIgnored } from './ignore.ts';

/**
 * Pins what a service runs: a revision of its code, or the locally installed server that stands in for its image.
 * Reads only.
 *
 * @throws RUNTIME_NO_COMMAND, RUNTIME_IMAGE_UNKNOWN saying what to write in the file; PROVIDER_MISSING what to install
 */
export async function resolveSource(request: SourceRequest, home: string, signal: AbortSignal): Promise<Source> {
  const { service, process } = request;
  const provider = standIn(service, process);
  if (provider !== undefined) {
    const installed = requireInstalled(provider, service.image ?? '', request.name);
    return {
      kind: 'provider',
      provider: provider.name,
      revision: `${provider.name} ${installed.version}`,
      ports: provider.ports,
    };
  }
  return resolveTree(request, home, signal);
}

/**
 * Does the service run as it is meant to without its image? A `command` of Compose's does not say so: it names a program
 * that the image has, with what was installed there beside it.
 */
export function canRun(service: Service, process: ProcessOptions): boolean {
  return process.command !== undefined || standIn(service, process) !== undefined;
}

/** The local server for the service's image, where the file does not say itself what runs. */
function standIn(service: Service, process: ProcessOptions): Provider | undefined {
  return service.build === undefined && process.command === undefined ? providerOf(service.image) : undefined;
}

async function resolveTree(request: SourceRequest, home: string, signal: AbortSignal): Promise<Source> {
  const { name, service, directory, process } = request;
  const context = contextOf(request);
  const dockerfile = service.build?.dockerfile ?? 'Dockerfile';
  const facts = readDockerfile(dockerfileText(service, resolve(context, dockerfile)), service.build?.target);
  if (argumentsOf(service, process) === undefined) {
    if (service.build === undefined) throw fail('RUNTIME_IMAGE_UNKNOWN', { service: name, image: service.image ?? '' });
    throw fail('RUNTIME_NO_COMMAND', {
      service: name,
      proposal: JSON.stringify(facts.command ?? ['node', 'server.js']),
    });
  }
  const ignored = readIgnored({ context, dockerfile, never: [home], directory });
  const entries = await listContext(context, { ignored, signal });
  const seed = treeSeed(process);
  const revision = await hashContext(context, { entries, seed, signal });
  return { kind: 'tree', context, revision, ports: facts.ports };
}

/** What makes a tree's revision different although its files are the same. */
export function treeSeed({ setup, cwd }: Pick<ProcessOptions, 'setup' | 'cwd'>): string {
  return canonicalJson({ setup, cwd });
}

/** `build.context`, or the project's folder. */
function contextOf({ service, directory, name }: SourceRequest): string {
  const context = resolve(directory, service.build?.context ?? '.');
  if (!existsSync(context) || !statSync(context).isDirectory()) {
    throw fail('RUNTIME_CONTEXT_MISSING', { service: name, context: service.build?.context ?? directory });
  }
  return context;
}

function dockerfileText(service: Service, path: string): string {
  if (service.build?.dockerfile_inline !== undefined) return service.build.dockerfile_inline;
  return existsSync(path) ? readFileSync(path, 'utf8') : '';
}

/**
 * What the service runs: `x-timonel.process.command`, else the file's entrypoint and command; undefined when neither
 * says it, because what an image would run is not known here.
 */
export function argumentsOf(service: Service, process: Pick<ProcessOptions, 'command'>): readonly string[] | undefined {
  if (process.command !== undefined) return process.command;
  const words = [...(service.entrypoint ?? []), ...(service.command ?? [])];
  return words.length === 0 ? undefined : words;
}
