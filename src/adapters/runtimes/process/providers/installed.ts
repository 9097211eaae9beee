import { spawnSync } from 'node:child_process';
import { existsSync, statSync } from 'node:fs';
import { fail } from '#core/errors.ts';
import type { Service } from '#model/project.ts';
import { providerOf } from './index.ts';
import { type Installed, type Provider, parseImage } from './provider.ts';

/**
 * The installed server for an image.
 *
 * @throws PROVIDER_MISSING with the line that installs it
 */
export function requireInstalled(provider: Provider, image: string, service: string): Installed {
  const installed = provider.find(parseImage(image).tag);
  if (installed !== undefined) return installed;
  throw fail('PROVIDER_MISSING', { service, image, packages: provider.packages.join(' ') });
}

/** Debian packages that must be installed before these services can run; empty when nothing is missing. */
export function missingPackages(services: Readonly<Record<string, Service>>): readonly string[] {
  const missing = Object.values(services).flatMap((service) => {
    const options = (service['x-timonel'] ?? {}) as { readonly process?: { readonly command?: unknown } };
    if (service.build !== undefined || options.process?.command !== undefined) return [];
    const provider = providerOf(service.image);
    if (provider === undefined) return [];
    return provider.find(parseImage(service.image ?? '').tag) === undefined ? provider.packages : [];
  });
  return [...new Set(missing)].toSorted();
}

const versions = new Map<string, string | undefined>();

/**
 * What `program --version` says, by `pattern`; undefined when it cannot be run. Asked once for each file: an upgrade
 * brings another.
 */
export function versionOf(program: string, pattern: RegExp): string | undefined {
  if (!existsSync(program)) return undefined;
  const { ino, mtimeMs } = statSync(program);
  const file = `${program} ${ino} ${mtimeMs}`;
  if (!versions.has(file)) {
    const { stdout } = spawnSync(program, ['--version'], { encoding: 'utf8', timeout: 10_000, env: {} });
    versions.set(file, pattern.exec(stdout ?? '')?.[1]);
  }
  return versions.get(file);
}
