import { renderDuration } from '#core/duration.ts';
import { fail } from '#core/errors.ts';
import type { Requirements } from '#daemon/contract.ts';
import type { ProjectRequest } from '#engine/api.ts';
import type { Context } from './command.ts';
import { packageInstaller } from './wire.ts';

const reminderMs = 10_000;

/**
 * Installs the system packages that a deployment needs and this machine lacks: the proxy, the servers behind
 * well-known images. Without root, without apt-get or with --no-install it throws and names the exact command instead.
 */
export async function installRequirements(context: Context, request: ProjectRequest): Promise<void> {
  const { packages } = await context.daemon.call<Requirements>({
    method: 'POST',
    path: '/requirements',
    body: request,
    base: request.cwd,
  });
  if (packages.length === 0) return;
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
