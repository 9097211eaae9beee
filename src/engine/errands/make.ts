import { Channel } from '#core/channel.ts';
import { fail } from '#core/errors.ts';
import type { ServiceSpec, Source } from '#model/spec.ts';
import type { BuildWishes, Rebuilding, Runtime } from '#world/runtime.ts';
import type { World } from '#world/world.ts';
import type { MakeLine, MakeRequest, ProjectRequest } from '../api.ts';
import type { Desired, ReleaseDraft } from '../desired.ts';
import { InvalidInput } from '../invalid-input.ts';

interface Making {
  readonly world: Pick<World, 'runtimes'>;
  readonly resolve: (request: ProjectRequest) => Promise<Desired>;
  readonly request: MakeRequest;
  readonly signal: AbortSignal;
}

/** Makes the sources of the chosen services ready, one after the other, as the `prepare` steps of a deployment do. */
export async function* make({ world, resolve, request, signal }: Making): AsyncGenerator<MakeLine> {
  const desired = await resolve({ ...request.request, acceptNewVolumes: true });
  if (desired.draft === undefined) throw new InvalidInput(desired.findings);
  const project = { name: desired.draft.project, directory: desired.draft.directory };
  /** What was made anew, by the source that it was: services with the same build share it. */
  const anew = new Map<string, Source>();
  for (const spec of chosenServices(desired.draft, request)) {
    const runtime = world.runtimes[spec.runtime];
    if (runtime === undefined) throw fail('RUNTIME_MISSING', { runtime: spec.runtime });
    const lines = new Channel<string>();
    const progress = (line: string): void => void lines.put(line);
    const work = makeOne(runtime, { spec, project, progress, signal }, request.anew, anew);
    work.then(
      () => lines.end(),
      () => lines.end(),
    );
    for await (const line of lines) yield { service: spec.name, line, done: false };
    yield { service: spec.name, line: (await work).revision, done: true };
  }
}

type Task = Omit<Rebuilding, 'wishes'>;

async function makeOne(
  runtime: Runtime,
  task: Task,
  wishes: BuildWishes | undefined,
  anew: Map<string, Source>,
): Promise<Source> {
  const { spec, project, progress, signal } = task;
  if (wishes === undefined) {
    if (!(await runtime.isPrepared(spec, project))) await runtime.prepare(spec, project, progress, signal);
    return spec.source;
  }
  if (runtime.rebuild === undefined) throw fail('ERRAND_NO_CACHE_HERE', { service: spec.name, runtime: spec.runtime });
  const made = anew.get(spec.source.revision) ?? (await runtime.rebuild({ ...task, wishes }));
  anew.set(spec.source.revision, made);
  return made;
}

function chosenServices(draft: ReleaseDraft, { which, services }: MakeRequest): readonly ServiceSpec[] {
  for (const service of services) {
    if (service in draft.services) continue;
    const known = Object.keys(draft.services).join(', ');
    throw fail('SERVICE_UNKNOWN', { project: draft.project, service, known });
  }
  return Object.values(draft.services).filter((spec) => {
    const kind = spec.service.build === undefined ? 'pulled' : 'built';
    return (which === 'all' || which === kind) && (services.length === 0 || services.includes(spec.name));
  });
}
