import type { ProcessOptions, ReleaseCommand } from '#model/spec.ts';
import type { ServiceSettings } from './schema.ts';

/** `x-timonel.process` with its defaults. A command given as one line is run by the shell, as CMD-SHELL does. */
export function resolveProcess(settings: ServiceSettings): ProcessOptions {
  const options = settings.process ?? {};
  return {
    command: options.command === undefined ? undefined : argumentsOf(options.command),
    cwd: options.cwd ?? '.',
    setup: typeof options.setup === 'string' ? [options.setup] : (options.setup ?? []),
    env: Object.fromEntries(Object.entries(options.env ?? {}).map(([key, value]) => [key, String(value)])),
  };
}

const releaseTimeoutMs = 10 * 60_000;

/** `x-timonel.release`, or undefined where there is nothing to run. */
export function resolveReleaseCommand(settings: ServiceSettings): ReleaseCommand | undefined {
  if (settings.release === undefined) return undefined;
  return { command: argumentsOf(settings.release.command), timeoutMs: settings.release.timeout ?? releaseTimeoutMs };
}

function argumentsOf(command: string | readonly string[]): readonly string[] {
  return typeof command === 'string' ? ['/bin/sh', '-c', command] : command;
}
