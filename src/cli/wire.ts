import { createPackageInstaller, type PackageInstaller } from '#adapters/packages.ts';

/*
 * The few adapters that the command line uses itself, chosen in one place: `config` works without a daemon, and packages
 * are installed by whoever typed the command.
 */

/** Installs system packages as the user who typed the command. */
export function packageInstaller(env: Readonly<Record<string, string | undefined>>): PackageInstaller {
  const path = `${env.PATH ?? ''}:/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin`;
  return createPackageInstaller({ path, isRoot: process.getuid?.() === 0 });
}
