import type { PackageInstaller } from '#adapters/packages.ts';
import type { LoadRequest, LoadResult } from '#compose/contract.ts';

/*
 * The few adapters that the command line uses itself, chosen in one place: `config` works without a daemon, and packages
 * are installed by whoever typed the command. Each is loaded by the one command that needs it.
 */

/** Loads a Compose project from the files of this machine. */
export async function loadHere(request: LoadRequest): Promise<LoadResult> {
  const [{ loadProject }, { projectFiles }] = await Promise.all([
    import('#compose/load.ts'),
    import('#adapters/files/project-files.ts'),
  ]);
  return loadProject(request, projectFiles);
}

/** The digest that a registry has for an image's tag now. */
export async function imageDigest(image: string): Promise<string> {
  const { registryDigest } = await import('#adapters/registry.ts');
  return await registryDigest(image);
}

/** Installs system packages as the user who typed the command. */
export async function packageInstaller(env: Readonly<Record<string, string | undefined>>): Promise<PackageInstaller> {
  const { createPackageInstaller } = await import('#adapters/packages.ts');
  const path = `${env.PATH ?? ''}:/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin`;
  const proxies = Object.entries(env).filter(
    (entry): entry is [string, string] => entry[1] !== undefined && /^(https?|no|ftp)_proxy$/i.test(entry[0]),
  );
  return createPackageInstaller({ path, env: Object.fromEntries(proxies), isRoot: process.getuid?.() === 0 });
}
