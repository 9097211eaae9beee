import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { fail, reasonOf } from '#core/errors.ts';
import type { InstanceSpec } from '#model/instance.ts';

/** Profiles that the engine knows by name. */
const builtIn = new Set(['unconfined', 'builtin']);

/**
 * `security_opt` as the engine wants it: a seccomp profile is sent by its content, not by its path.
 *
 * @throws DOCKER_PROFILE_UNREADABLE
 */
export function readSecurityOptions({ spec, directory }: InstanceSpec): Promise<readonly string[]> {
  const options = Array.isArray(spec.service.security_opt) ? spec.service.security_opt.map(String) : [];
  return Promise.all(options.map((option) => withProfile(option, directory)));
}

async function withProfile(option: string, directory: string): Promise<string> {
  const [, profile] = /^seccomp[=:](.*)$/s.exec(option) ?? [];
  if (profile === undefined || builtIn.has(profile)) return option;
  const path = resolve(directory, profile);
  try {
    return `seccomp=${JSON.stringify(JSON.parse(await readFile(path, 'utf8')))}`;
  } catch (error) {
    throw fail('DOCKER_PROFILE_UNREADABLE', { path, detail: reasonOf(error) }, { cause: error });
  }
}
