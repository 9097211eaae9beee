import { renderDuration } from '#core/duration.ts';
import { fail } from '#core/errors.ts';
import type { Requirements } from '#daemon/contract.ts';
import type { ProjectRequest } from '#engine/api.ts';
import { DaemonRefusal } from './client/http.ts';
import type { Context } from './command.ts';
import { packageInstaller } from './wire.ts';

const reminderMs = 10_000;

/**
 * Brings what a deployment needs and this machine lacks: the proxy, as a package or, where a Docker Engine can run it,
 * as an image; the servers behind well-known images. Without root, without apt-get or with --no-install it throws and
 * names the exact command instead of installing packages.
 */
export async function installRequirements(context: Context, request: ProjectRequest): Promise<void> {
  const { packages, images, instead } = await context.daemon.call<Requirements>({
    method: 'POST',
    path: '/requirements',
    body: request,
    base: request.cwd,
  });
  const all =
    images.length === 0 || (await fetchImages(context, images, instead)) ? packages : [...packages, ...instead];
  if (all.length > 0) await installPackages(context, all);
}

/**
 * By the daemon, which speaks to the engine; here only the waiting is explained.
 *
 * @returns false when packages are to be installed instead: their mirror may be in reach where no registry is
 */
async function fetchImages(context: Context, images: readonly string[], instead: readonly string[]): Promise<boolean> {
  context.notice('CLI_FETCHING_IMAGES', { images });
  const begun = Date.now();
  try {
    await context.daemon.call({ method: 'POST', path: '/proxy-image' });
  } catch (error) {
    if (!(error instanceof DaemonRefusal) || instead.length === 0 || !(await mayInstall(context))) throw error;
    context.notice('CLI_IMAGES_NOT_FETCHED', { reason: error.message, packages: instead });
    return false;
  }
  context.notice('CLI_FETCHED_IMAGES', { images, elapsed: renderDuration(Date.now() - begun) });
  return true;
}

async function mayInstall({ args, env }: Context): Promise<boolean> {
  const { hasApt, isRoot } = await packageInstaller(env);
  return hasApt && isRoot && !args.is('no-install');
}

async function installPackages(context: Context, packages: readonly string[]): Promise<void> {
  if (context.args.is('no-install')) throw fail('CLI_PACKAGES_REFUSED', { packages });
  const installer = await packageInstaller(context.env);
  if (!installer.hasApt) throw fail('CLI_PACKAGES_NO_APT', { packages });
  if (!installer.isRoot) throw fail('CLI_PACKAGES_ROOT', { packages });
  context.notice('CLI_INSTALLING_PACKAGES', { packages });
  const begun = Date.now();
  using progress = reminding(context);
  // Interrupting dpkg half-way leaves the machine worse than either end.
  using _shield = ignoringInterrupt();
  await installer.install(packages, progress.take);
  context.notice('CLI_INSTALLED_PACKAGES', { packages, elapsed: renderDuration(Date.now() - begun) });
}

/** Shows every ten seconds what apt-get is at. */
function reminding({ terminal }: Context): Disposable & { take(line: string): void } {
  let last = '';
  const timer = setInterval(() => terminal.err(`  ${last}\n`), reminderMs);
  return {
    take: (line) => {
      last = line;
    },
    [Symbol.dispose]: () => clearInterval(timer),
  };
}

function ignoringInterrupt(): Disposable {
  const ignore = (): void => {};
  process.on('SIGINT', ignore);
  return { [Symbol.dispose]: () => process.removeListener('SIGINT', ignore) };
}
