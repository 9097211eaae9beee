import { fail } from '#core/errors.ts';
import type { InstanceSpec, ObservedInstance } from '#model/instance.ts';
import type { Release } from '#model/release.ts';
import { servingIds } from '#rollout/traffic/edits.ts';
import type { Attendant } from '#world/attendant.ts';
import type { CommandRequest, InnerResult } from '../api.ts';
import type { Parts } from '../execute/context.ts';
import { instanceSpec } from '../instance-spec.ts';
import { runtimesOf } from '../observe.ts';
import { servingRelease } from '../recorded.ts';

/**
 * Runs a command inside an instance: the named one, or of the named service one that serves, also while a deployment
 * is under way.
 *
 * @throws SERVICE_UNKNOWN, ERRAND_NOTHING_RUNS
 */
export async function execInside(parts: Parts, request: CommandRequest): Promise<InnerResult> {
  const { project, command, timeoutMs } = request;
  for (const runtime of runtimesOf(parts.world)) {
    const instance = choose(parts, request, await runtime.observe(project));
    if (instance === undefined) continue;
    return { ...(await runtime.exec(project, instance.id, command, timeoutMs)), instance: instance.id };
  }
  throw nothingRuns(parts, request);
}

/**
 * Runs a command in a fresh instance of the serving release.
 *
 * @throws NOTHING_SERVES, SERVICE_UNKNOWN
 */
export async function runBeside(
  parts: Parts,
  request: CommandRequest,
  signal: AbortSignal,
  attendant?: Attendant,
): Promise<InnerResult> {
  const { project, service, command, timeoutMs } = request;
  const { world } = parts;
  const release = servingRelease(parts.world.store, project);
  if (release === undefined) throw fail('NOTHING_SERVES', { project });
  const spec = release.services[service];
  if (spec === undefined) throw unknownService(project, service, release);
  const runtime = world.runtimes[spec.runtime];
  if (runtime === undefined) throw fail('RUNTIME_MISSING', { runtime: spec.runtime });
  // Ids are never used again, and two runs at once are two instances.
  const id = `${service}-r${release.number}-run-${world.clock.now()}`;
  const instance = withWishes(await instanceSpec(world, release, service, id), request);
  return { ...(await runtime.runOnce(instance, command, timeoutMs, signal, attendant)), instance: id };
}

/** The instance as the user wants it for this one run. */
function withWishes(
  instance: InstanceSpec,
  { environment = {}, user, workingDir }: Pick<CommandRequest, 'environment' | 'user' | 'workingDir'>,
): InstanceSpec {
  const { spec } = instance;
  const service = {
    ...spec.service,
    ...(user === undefined ? {} : { user }),
    ...(workingDir === undefined ? {} : { working_dir: workingDir }),
  };
  return { ...instance, spec: { ...spec, service, environment: { ...spec.environment, ...environment } } };
}

function choose(
  { traffic }: Parts,
  { project, service }: CommandRequest,
  instances: readonly ObservedInstance[],
): ObservedInstance | undefined {
  const running = instances.filter((one) => one.state === 'running');
  const named = running.find((one) => one.id === service);
  if (named !== undefined) return named;
  const serving = new Set(servingIds(traffic.of(project)[service]));
  const own = running.filter((one) => one.service === service).toSorted((a, b) => b.release - a.release);
  return own.find((one) => serving.has(one.id)) ?? own[0];
}

function nothingRuns(parts: Parts, { project, service }: CommandRequest): Error {
  const release = servingRelease(parts.world.store, project);
  const isKnown = release === undefined || service in release.services || /-r\d+-\d+$/.test(service);
  return isKnown ? fail('ERRAND_NOTHING_RUNS', { project, service }) : unknownService(project, service, release);
}

function unknownService(project: string, service: string, release: Release): Error {
  return fail('SERVICE_UNKNOWN', { project, service, known: Object.keys(release.services).join(', ') });
}
