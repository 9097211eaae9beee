import { fail } from '#core/errors.ts';
import type { ServiceSpec } from '#model/spec.ts';
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
  const desired = await resolve(request.request);
  if (desired.draft === undefined) throw new InvalidInput(desired.findings);
  for (const spec of chosenServices(desired.draft, request)) {
    const runtime = world.runtimes[spec.runtime];
    if (runtime === undefined) throw fail('RUNTIME_MISSING', { runtime: spec.runtime });
    const ref = { name: desired.draft.project, directory: desired.draft.directory };
    const lines = new Lines();
    const work = runtime.isPrepared(spec, ref).then((isThere) => {
      return isThere ? undefined : runtime.prepare(spec, ref, (line) => lines.add(line), signal);
    });
    work.then(
      () => lines.end(),
      () => lines.end(),
    );
    for await (const line of lines) yield { service: spec.name, line, done: false };
    await work;
    yield { service: spec.name, line: spec.source.revision, done: true };
  }
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

/** Lines that are told while they are read. */
class Lines implements AsyncIterable<string> {
  readonly #lines: string[] = [];
  #isOver = false;
  #news = Promise.withResolvers<void>();

  add(line: string): void {
    this.#lines.push(line);
    this.#wake();
  }

  end(): void {
    this.#isOver = true;
    this.#wake();
  }

  async *[Symbol.asyncIterator](): AsyncGenerator<string> {
    for (;;) {
      const { promise } = this.#news;
      yield* this.#lines.splice(0);
      if (this.#isOver && this.#lines.length === 0) return;
      if (this.#lines.length === 0) await promise;
    }
  }

  #wake(): void {
    this.#news.resolve();
    this.#news = Promise.withResolvers<void>();
  }
}
