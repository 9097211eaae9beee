import { spawnSync } from 'node:child_process';
import { parse } from 'yaml';
import type { LoadOptions, LoadRequest } from '#compose/load.ts';
import { comparable, mapTexts } from '../conformance/compare.ts';

/** What `docker compose config` answered: a model in comparable form, or its complaint. */
export type Answer =
  | { readonly kind: 'model'; readonly model: unknown }
  | { readonly kind: 'refused'; readonly why: string };

const flags: Readonly<Record<keyof LoadOptions, string | undefined>> = {
  interpolate: '--no-interpolate',
  normalize: '--no-normalize',
  resolvePaths: '--no-path-resolution',
  consistency: '--no-consistency',
  resolveEnvironment: '--no-env-resolution',
  allResources: undefined,
  skipValidation: undefined,
};

/** Asks the binary for the model that `request` gives. */
export function referenceConfig(binary: string, request: LoadRequest): Answer {
  const { status, stdout, stderr, error } = runReference(binary, request, []);
  if (error !== undefined) throw error;
  if (status !== 0) return { kind: 'refused', why: stderr.trim() };
  const printed: unknown = parse(stdout, { maxAliasCount: -1 });
  // `config` doubles dollars, so that its output can be loaded again.
  const isRaw = request.options?.interpolate === false;
  const model = isRaw ? printed : mapTexts(printed, (text) => text.replaceAll('$$', '$'));
  return { kind: 'model', model: comparable(model) };
}

/** Runs `BINARY … config EXTRA` as the user of `request` would. */
export function runReference(
  binary: string,
  request: LoadRequest,
  extra: readonly string[],
): ReturnType<typeof spawnSync> & { readonly stdout: string; readonly stderr: string } {
  return spawnSync(binary, [...globalArguments(request), 'config', ...configArguments(request), ...extra], {
    cwd: request.cwd,
    env: { ...request.env },
    input: request.stdin ?? '',
    encoding: 'utf8',
    timeout: 20_000,
    // It waits for its work when asked to end politely.
    killSignal: 'SIGKILL',
    maxBuffer: 64 * 1024 * 1024,
  });
}

function globalArguments(request: LoadRequest): string[] {
  const repeated = (flag: string, values: readonly string[] | undefined): string[] =>
    (values ?? []).flatMap((value) => [flag, value]);
  return [
    ...repeated('-f', request.files),
    ...repeated('-p', request.projectName === undefined ? [] : [request.projectName]),
    ...repeated('--project-directory', request.projectDirectory === undefined ? [] : [request.projectDirectory]),
    ...repeated('--profile', request.profiles),
    ...repeated('--env-file', request.envFiles),
    ...(request.options?.allResources === true ? ['--all-resources'] : []),
  ];
}

function configArguments(request: LoadRequest): string[] {
  const off = Object.entries(request.options ?? {}).filter(([, value]) => value === false);
  return [...off.flatMap(([name]) => flags[name as keyof LoadOptions] ?? []), ...(request.services ?? [])];
}
