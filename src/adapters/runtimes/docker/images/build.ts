import { totalmem } from 'node:os';
import { fail, type TimonelError } from '#core/errors.ts';
import type { Service } from '#model/project.ts';
import { hostLine } from '../container/network-part.ts';
import { bytesOf, mapOf, textMapOf, textOf, textsOf } from '../container/values.ts';
import type { Engine } from '../engine/client.ts';
import { refusalText } from '../engine/refusal.ts';
import { label } from '../labels.ts';
import type { BuildInput } from '../source/build-source.ts';
import { traceLines } from './buildkit-trace.ts';
import { ClassicSteps } from './classic-steps.ts';
import { outsideDockerfile, packContext } from './context-archive.ts';
import { type EngineMessage, messagesOf } from './messages.ts';

export type Builder = 'classic' | 'buildkit';

export interface BuildRequest {
  readonly input: BuildInput;
  readonly service: Service;
  readonly name: string;
  readonly project: string;
  readonly tag: string;
  readonly builder: Builder;
  /** Bound of one step's memory, bytes; only the classic builder keeps it. */
  readonly memory: number;
  readonly progress: (line: string) => void;
  /** Gets the images that the classic builder left on its way, also of a build that failed. */
  readonly onSteps: (images: readonly string[]) => Promise<void>;
  readonly signal: AbortSignal;
}

/** Last lines of a failed build that its error carries. */
const evidenceLines = 20;

/**
 * Memory of one build step where nobody says other, bytes: a quarter of the machine, at least 2 GiB where it has them.
 * A build without a bound takes the services beside it down.
 */
export function usualBuildMemory(): number {
  return Math.max(Math.floor(totalmem() / 4), Math.min(2 * 1024 ** 3, totalmem()));
}

/**
 * Builds an image and tags it. The engine stops building when `signal` aborts.
 *
 * @throws DOCKER_BUILD_FAILED with the last lines, DOCKER_BUILD_MEMORY, DOCKER_TIMEOUT
 */
export async function buildImage(engine: Engine, request: BuildRequest): Promise<void> {
  const { name, progress, signal, builder } = request;
  const what = `build ${name}`;
  const steps = new ClassicSteps();
  const recent: string[] = [];
  const limit = AbortSignal.timeout(engine.deadlines.make);
  try {
    const stream = await engine.stream({
      what,
      method: 'POST',
      path: '/build',
      query: buildQuery(request),
      upload: packContext(request.input),
      deadlineMs: engine.deadlines.silence,
      signal: AbortSignal.any([signal, limit]),
    });
    for await (const message of messagesOf(stream, what, engine.deadlines.silence)) {
      if (message.error !== undefined) throw failureOf(request, message, recent);
      steps.add(message);
      for (const line of linesOf(message, builder)) {
        progress(line);
        recent.push(line);
        if (recent.length > evidenceLines) recent.shift();
      }
    }
  } catch (error) {
    signal.throwIfAborted();
    if (limit.aborted) throw fail('DOCKER_BUILD_TIMEOUT', { service: name, minutes: engine.deadlines.make / 60_000 });
    const said = refusalText(error);
    throw said === ''
      ? error
      : fail('DOCKER_BUILD_FAILED', { service: name, detail: said, output: '' }, { cause: error });
  } finally {
    if (steps.images.length > 0) await request.onSteps(steps.images);
  }
}

/** What the builder is asked, beside the context. */
export function buildQuery({ service, input, tag, project, builder, memory }: BuildRequest) {
  const build = service.build ?? {};
  // One label: the classic builder makes a step of each.
  const labels = { ...textMapOf(build.labels), [label.project]: project };
  return {
    t: tag,
    dockerfile: input.dockerfile.inContext ?? outsideDockerfile,
    buildargs: Object.fromEntries(Object.entries(build.args ?? {}).filter(([, value]) => value !== null)),
    target: build.target,
    labels,
    platform: service.platform ?? textsOf(build.platforms)[0],
    cachefrom: build.cache_from === undefined ? undefined : textsOf(build.cache_from),
    nocache: build.no_cache === true ? true : undefined,
    pull: build.pull === true ? true : undefined,
    networkmode: textOf(build.network),
    shmsize: bytesOf(build.shm_size),
    extrahosts: build.extra_hosts === undefined ? undefined : textsOf(build.extra_hosts).map(hostLine).join(','),
    ulimits: build.ulimits === undefined ? undefined : ulimits(build.ulimits),
    rm: true,
    forcerm: true,
    ...(builder === 'buildkit' ? { version: '2' } : { version: '1', memory, memswap: memory }),
  };
}

function ulimits(value: unknown): readonly object[] {
  return Object.entries(mapOf(value)).map(([Name, limit]) => {
    const { soft, hard } = typeof limit === 'object' ? mapOf(limit) : { soft: limit, hard: limit };
    return { Name, Soft: Number(soft), Hard: Number(hard) };
  });
}

function linesOf(message: EngineMessage, builder: Builder): readonly string[] {
  if (builder === 'buildkit' && message.id === 'moby.buildkit.trace' && typeof message.aux === 'string') {
    return traceLines(message.aux);
  }
  return (message.stream ?? message.status ?? '').split(/\r?\n/).filter((line) => line.trim() !== '');
}

function failureOf(request: BuildRequest, message: EngineMessage, recent: readonly string[]): TimonelError {
  const detail = message.errorDetail?.message ?? message.error ?? '';
  const wasKilled = message.errorDetail?.code === 137 || /returned a non-zero code: 137|exit code: 137/.test(detail);
  const facts = { service: request.name, detail, output: recent.join('\n') };
  if (wasKilled && request.builder === 'classic') {
    return fail('DOCKER_BUILD_MEMORY', { ...facts, gigabytes: (request.memory / 1024 ** 3).toFixed(1) });
  }
  return fail('DOCKER_BUILD_FAILED', facts);
}
