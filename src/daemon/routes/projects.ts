import { setTimeout } from 'node:timers/promises';
import { fail } from '#core/errors.ts';
import type { Engine } from '#engine/api.ts';
import type { Release } from '#model/release.ts';
import type { ServiceSpec, Source } from '#model/spec.ts';
import type { ProjectSummary, ReleaseSummary } from '../contract.ts';
import type { Door } from '../door.ts';
import { document, type Route } from '../http/route.ts';
import { worded } from '../worded.ts';

/** How long a question waits for a daemon that has just begun: before its first look nothing seems to work. */
const firstLookMs = 1500;

/** `GET /projects`, and of each: status, releases, `POST` cancel. */
export function projectRoutes({ engine, recovered, isRecovering }: Door): readonly Route[] {
  return [
    { method: 'GET', path: '/projects', handle: async () => document(await summaries(engine)) },
    {
      method: 'GET',
      path: '/projects/:project/status',
      handle: async ({ params: { project = '' }, language }) => {
        await requireProject(engine, project);
        if (isRecovering()) await Promise.race([recovered, setTimeout(firstLookMs, undefined, { ref: false })]);
        return document(worded(await engine.status(project), language));
      },
    },
    {
      method: 'GET',
      path: '/projects/:project/releases',
      handle: async ({ params: { project = '' } }) => {
        await requireProject(engine, project);
        const { release: serving } = await engine.status(project);
        const releases = await engine.releases(project);
        return document(releases.toSorted((a, b) => b.number - a.number).map((one) => summaryOf(one, serving)));
      },
    },
    {
      method: 'POST',
      path: '/projects/:project/cancel',
      handle: async ({ params: { project = '' } }) => {
        await requireProject(engine, project);
        return document({ id: await engine.cancel(project) });
      },
    },
  ];
}

/** Fails, naming those there are, when no such project was ever deployed here. */
export async function requireProject(engine: Engine, project: string): Promise<void> {
  const names = await engine.projects();
  if (!names.includes(project)) throw fail('DAEMON_UNKNOWN_PROJECT', { project, known: names });
}

async function summaries(engine: Engine): Promise<readonly ProjectSummary[]> {
  const names = await engine.projects();
  return Promise.all(names.map(async (name) => ({ name, directory: await directoryOf(engine, name) })));
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
