import { posix } from 'node:path';
import { parse } from 'yaml';
import { loadProject } from '#compose/load.ts';
import { renderLocation } from '#core/location.ts';
import { say, sayHint } from '#core/messages/say.ts';
import type { Project } from '#model/project.ts';
import type { Route } from '#model/route.ts';
import { type ImportRequest, importNginx } from '#nginx/import.ts';
import type { KnownService } from '#nginx/known-services.ts';
import { renderImported } from '#nginx/render.ts';
import { resolveRoutes } from '#routing/routes.ts';
import { readSettings } from '#settings/read.ts';
import { memoryFiles } from './memory-files.ts';

/**
 * One golden case of the import: a text file whose first line says what it shows, followed by sections.
 *
 *     --- file nginx.conf ---   a file; the first is the one that is named, the others are included or read
 *     --- known ---             services of the Compose file, a list of KnownService in YAML; what is left out is empty
 *     --- compose ---           the expected result
 *     --- findings ---          the expected findings, one a line with its place
 */
export interface NginxCase {
  readonly title: string;
  readonly files: Readonly<Record<string, string>>;
  readonly known: readonly KnownService[];
  readonly compose: string;
  readonly findings: string;
}

export function parseNginxCase(text: string): NginxCase {
  const [title = '', ...rest] = text.split(/^--- (file|known|compose|findings) ?(.*?) ?---\n/m);
  const sections = Array.from({ length: Math.floor(rest.length / 3) }, (_, index) =>
    rest.slice(index * 3, index * 3 + 3),
  );
  const one = (kind: string) => sections.find((section) => section[0] === kind)?.[2] ?? '';
  const files = sections
    .filter((section) => section[0] === 'file')
    .map(([, name = '', content = '']) => [name, content]);
  const known = (parse(one('known')) ?? []) as readonly Partial<KnownService>[];
  return {
    title: title.trim(),
    files: Object.fromEntries(files) as Record<string, string>,
    known: known.map((service) => ({
      ...{ name: '', aliases: [], ports: [], published: [], mounts: [], isNginx: false },
      ...service,
    })),
    compose: one('compose'),
    findings: one('findings').trimEnd(),
  };
}

/** What the import makes of the case now. */
export function importCase({ files, known }: Pick<NginxCase, 'files' | 'known'>): {
  readonly compose: string;
  readonly findings: string;
  readonly places: boolean;
} {
  const [first = ['', '']] = Object.entries(files);
  const request: ImportRequest = {
    files: [{ file: first[0], text: first[1] }],
    known,
    include: (pattern) =>
      Object.entries(files)
        .filter(([file]) => posix.matchesGlob(file, pattern))
        .map(([file, text]) => ({ file, text })),
    read: (path) => files[path],
    isFile: (path) => path in files,
  };
  const result = importNginx(request);
  const lines = result.findings.flatMap(({ severity, said, at }) => {
    const hint = sayHint(said, 'en');
    const place = at === undefined ? '' : `${renderLocation(at)} `;
    return [`${severity} ${place}${say(said, 'en')}`, ...(hint === undefined ? [] : [`  -> ${hint}`])];
  });
  return {
    compose: result.routes.length === 0 ? '' : renderImported(result, [first[0]]),
    findings: lines.join('\n'),
    places: result.findings.every((one) => one.at !== undefined),
  };
}

/** Loads the result as a Compose file, each service given an image, and resolves its routes. */
export function loadImported(compose: string): {
  readonly routes: readonly Route[];
  readonly problems: readonly string[];
} {
  const names = Object.keys((parse(compose) as Pick<Project, 'services'>).services);
  const base = `services:\n${names.map((name) => `  ${name}: { image: example }\n`).join('')}`;
  const files = memoryFiles({ files: { '/p/compose.yaml': base, '/p/routes.yaml': compose } });
  const request = { cwd: '/p', env: {}, files: ['/p/compose.yaml', '/p/routes.yaml'] };
  const { project, findings: loading } = loadProject(request, files);
  if (project === undefined) return { routes: [], problems: loading.map((one) => say(one.said, 'en')) };
  const settings = readSettings(project, () => undefined);
  const resolved = Object.entries(project.services).map(([service, model]) =>
    resolveRoutes({
      ...{ project: 'p', service, compose: model, settings: settings.services[service] ?? {}, endpoints: [] },
      locate: () => undefined,
    }),
  );
  const findings = [...loading, ...settings.findings, ...resolved.flatMap((one) => one.findings)];
  return { routes: resolved.flatMap((one) => one.routes), problems: findings.map((one) => say(one.said, 'en')) };
}
