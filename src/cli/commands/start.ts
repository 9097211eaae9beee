import { fail } from '#core/errors.ts';
import type { ReleaseSummary } from '#daemon/contract.ts';
import { chooseProject, projectPath } from '../client/choose-project.ts';
import { command } from '../command.ts';
import { composeFlags, deploymentFlags } from '../flags.ts';
import { runDeployment } from '../run-deployment.ts';

export const start = command({
  usage: '[SERVICE ...]',
  about: {
    en: `Brings back what timonel stop or timonel down has stopped: the release that served last, or the named services
with as many instances as they had. The Compose file is not read; timonel deploy does that.`,
    es: `Vuelve a levantar lo que detuvo timonel stop o timonel down: la versión que sirvió por última vez, o los servicios
indicados con tantas instancias como tenían. No se lee el archivo Compose; eso lo hace timonel deploy.`,
  },
  flags: { ...composeFlags, ...deploymentFlags },
  examples: ['timonel start', 'timonel start worker'],
  async run(context) {
    const project = await chooseProject(context);
    const releases = await context.daemon.call<readonly ReleaseSummary[]>({
      method: 'GET',
      path: projectPath(project, 'releases'),
    });
    const services = context.args.positionals;
    const last = releases.find((one) => one.serving) ?? releases[0];
    if (services.length === 0 && last !== undefined)
      return runDeployment(context, { kind: 'rollback', project, release: last.release });
    const replicas = Object.fromEntries(services.map((service) => [service, countBefore(releases, project, service)]));
    return runDeployment(context, { kind: 'scale', project, replicas });
  },
});

/** How many instances the service had in the newest release in which it had any. Releases come newest first. */
function countBefore(releases: readonly ReleaseSummary[], project: string, service: string): number {
  const counts = releases.map((release) => release.services.find((one) => one.name === service)?.replicas ?? 0);
  const count = counts.find((one) => one > 0);
  if (count === undefined) throw fail('CLI_NOTHING_TO_START', { project, service });
  return count;
}
