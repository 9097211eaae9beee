import { posix } from 'node:path';
import { parse } from 'yaml';
import { type LoadOptions, type LoadRequest, type LoadResult, loadProject } from '#compose/load.ts';
import type { Finding } from '#core/finding.ts';
import { say, sayHint } from '#core/messages/say.ts';
import { memoryFiles } from './memory-files.ts';

/**
 * One golden case of the Compose loader: a text file whose first line says what it shows, followed by sections.
 *
 *     --- file compose.yaml ---        content of a file below the project folder
 *     --- json conf/a.env ---          the same, written as a JSON text where bytes matter (line ends, BOM)
 *     --- directory data ---           an empty folder
 *     --- link data ---                a symbolic link; the content is its target
 *     --- environment ---              the user's environment, NAME=VALUE a line (after HOME and PATH)
 *     --- request ---                  what the user asks, a LoadRequest in YAML; `cwd` is relative
 *     --- model ---                    the expected model; without it the load must fail
 *     --- findings ---                 the expected findings; without it there must be none
 *     --- reference 2.40.3 ---         why that version of docker compose gives something else
 *
 * `{{DIR}}` stands for the project folder, `{{PARENT}}` for its parent.
 */
export interface GoldenCase {
  readonly title: string;
  readonly files: Readonly<Record<string, string>>;
  readonly directories: readonly string[];
  readonly links: Readonly<Record<string, string>>;
  readonly environment: Readonly<Record<string, string>>;
  readonly request: GoldenRequest;
  readonly model: unknown;
  readonly findings: string;
  /** Why docker compose 2.40.3 differs; undefined when it gives the same. */
  readonly reference: string | undefined;
}

/** `cwd` is relative to the project folder; the environment has its own section. */
export type GoldenRequest = Partial<Omit<LoadRequest, 'env' | 'options'>> & { readonly options?: LoadOptions };

interface Section {
  readonly kind: string;
  readonly name: string;
  readonly content: string;
}

const header = /^--- (file|json|directory|link|environment|request|model|findings|reference) ?(.*?) ?---$/m;

/** Reads the text of a golden case. */
export function parseGolden(text: string): GoldenCase {
  const [title = '', ...rest] = text.split(new RegExp(header.source, 'gm'));
  const sections: Section[] = [];
  for (let index = 0; index + 2 < rest.length; index += 3) {
    const [kind = '', name = '', content = ''] = rest.slice(index, index + 3);
    sections.push({ kind, name, content: content.replace(/^\n/, '') });
  }
  const all = (kind: string): Section[] => sections.filter((section) => section.kind === kind);
  const one = (kind: string): string | undefined => all(kind)[0]?.content;
  return {
    title: title.trim(),
    files: Object.fromEntries([
      ...all('file').map(({ name, content }) => [name, content] as const),
      ...all('json').map(({ name, content }) => [name, String(JSON.parse(content))] as const),
    ]),
    directories: all('directory').map(({ name }) => name),
    links: Object.fromEntries(all('link').map(({ name, content }) => [name, content.trim()])),
    environment: environmentOf(one('environment') ?? ''),
    request: (parse(one('request') ?? '{}') ?? {}) as GoldenRequest,
    model: one('model') === undefined ? undefined : parse(one('model') ?? ''),
    findings: (one('findings') ?? '').trimEnd(),
    reference: one('reference')?.trim(),
  };
}

/** What a golden case asks for when its files stand in `folder`. */
export function goldenRequest(golden: GoldenCase, folder: string): LoadRequest {
  const place = placing(folder);
  const request = JSON.parse(place(JSON.stringify(golden.request))) as GoldenRequest;
  return { ...request, cwd: posix.join(folder, request.cwd ?? '.'), env: fullEnvironment(golden, place) };
}

/** Loads a golden case from memory, as if its files stood in `folder`. */
export function loadGolden(golden: GoldenCase, folder: string): LoadResult {
  const place = placing(folder);
  const below = (tree: Readonly<Record<string, string>>): Record<string, string> =>
    Object.fromEntries(Object.entries(tree).map(([path, content]) => [posix.join(folder, path), place(content)]));
  return loadProject(
    goldenRequest(golden, folder),
    memoryFiles({
      files: below(golden.files),
      directories: [folder, ...golden.directories.map((path) => posix.join(folder, path))],
      links: below(golden.links),
    }),
  );
}

function placing(folder: string): (text: string) => string {
  return (text) => text.replaceAll('{{DIR}}', folder).replaceAll('{{PARENT}}', posix.dirname(folder));
}

/** The whole environment of a golden case. */
function fullEnvironment(golden: GoldenCase, place: (text: string) => string): Record<string, string> {
  const own = Object.entries(golden.environment).map(([name, value]) => [name, place(value)] as const);
  return { HOME: '/home/user', PATH: '/usr/bin:/bin', ...Object.fromEntries(own) };
}

/** Findings as a golden case writes them: severity, place, path and code; then the sentence and the fix. */
export function renderFindings(findings: readonly Finding[], folder: string): string {
  const lines = findings.map(({ severity, said, at }) => {
    const place = at === undefined ? '-' : `${at.file}:${at.line}:${at.column}`;
    const path = at?.path === undefined || at.path === '' ? '' : ` ${at.path}`;
    const hint = sayHint(said, 'en');
    const words = hint === undefined ? [say(said, 'en')] : [say(said, 'en'), `fix: ${hint}`];
    return [`${severity} ${place}${path} ${said.code}`, ...words.map((word) => indent(word))].join('\n');
  });
  return lines.join('\n').replaceAll(folder, '{{DIR}}').replaceAll(posix.dirname(folder), '{{PARENT}}');
}

/** A model as golden cases compare it: what the reference prints only in some versions is left out. */
export function comparable(model: unknown, folder: string): unknown {
  const text = JSON.stringify(model, (key, value: unknown) => {
    if (value === null && (key === 'command' || key === 'entrypoint')) return undefined;
    if (key === 'create_host_path' && value === true) return undefined;
    return value;
  });
  return JSON.parse(text.replaceAll(folder, '{{DIR}}').replaceAll(posix.dirname(folder), '{{PARENT}}'));
}

function indent(text: string): string {
  return text.replace(/^/gm, '  ');
}

function environmentOf(text: string): Record<string, string> {
  const lines = text.split('\n').filter((line) => line.includes('='));
  return Object.fromEntries(
    lines.map((line) => {
      const [name = '', ...value] = line.split('=');
      return [name, value.join('=').replaceAll('\\n', '\n')] as const;
    }),
  );
}
