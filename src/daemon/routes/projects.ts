import type { FastifyInstance } from 'fastify';
import { fail } from '#core/errors.ts';
import type { Engine } from '#engine/api.ts';
import type { Release } from '#model/release.ts';
import type { ServiceSpec, Source } from '#model/spec.ts';
import type { ProjectSummary, ReleaseSummary, WireStatus } from '../contract.ts';
import type { Door } from '../door.ts';
import { languageOf } from '../language.ts';
import { worded } from '../worded.ts';

type OfProject = { Params: { project: string } };

/** `GET /projects`, and of each: status, releases, `POST` cancel. */
export function projectRoutes(app: FastifyInstance, door: Door): void {
  const { engine } = door;

  app.get('/projects', async (): Promise<readonly ProjectSummary[]> => {
    const names = await engine.projects();
    return Promise.all(names.map(async (name) => ({ name, directory: await directoryOf(engine, name) })));
  });

  app.get<OfProject>('/projects/:project/status', async (request): Promise<WireStatus> => {
    await known(engine, request.params.project);
    return worded(await engine.status(request.params.project), languageOf(request));
  });

  app.get<OfProject>('/projects/:project/releases', async (request): Promise<readonly ReleaseSummary[]> => {
    await known(engine, request.params.project);
    const { release: serving } = await engine.status(request.params.project);
    const releases = await engine.releases(request.params.project);
    return releases.toSorted((a, b) => b.number - a.number).map((one) => summaryOf(one, serving));
  });

  app.post<OfProject>('/projects/:project/cancel', async (request): Promise<{ readonly id: string | undefined }> => {
    await known(engine, request.params.project);
    return { id: await engine.cancel(request.params.project) };
  });
}

/** Fails, naming those there are, when no such project was ever deployed here. */
export async function known(engine: Engine, project: string): Promise<void> {
  const names = await engine.projects();
  if (!names.includes(project)) throw fail('DAEMON_UNKNOWN_PROJECT', { project, known: names });
}

async function directoryOf(engine: Engine, project: string): Promise<string | undefined> {
  const releases = await engine.releases(project);
  return releases.toSorted((a, b) => b.number - a.number)[0]?.directory;
}

function summaryOf(release: Release, serving: number | undefined): ReleaseSummary {
  return {
    release: release.number,
    createdAt: new Date(release.createdAt).toISOString(),
    serving: release.number === serving,
    directory: release.directory,
    digest: release.digest,
    services: Object.values(release.services).map(serviceOf),
  };
}

function serviceOf(spec: ServiceSpec): ReleaseSummary['services'][number] {
  return {
    name: spec.name,
    replicas: spec.replicas,
    strategy: spec.strategy.kind,
    source: renderSource(spec.source),
  };
}

function renderSource(source: Source): string {
  switch (source.kind) {
    case 'tree':
      return source.revision;
    case 'provider':
      return `${source.provider} ${source.revision}`;
    case 'image':
      return `${source.reference}@${source.revision}`;
    default:
      return source satisfies never;
  }
}
