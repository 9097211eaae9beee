import type { ServiceCheck } from './consistency.ts';

/** What a build section says must fit together and name services that are built. */
export function checkBuild(check: ServiceCheck): void {
  const { service, report, at, name } = check;
  const { build } = service;
  if (build === undefined) return;
  if (build.dockerfile !== undefined && build.dockerfile_inline !== undefined) {
    report.error('COMPOSE_TWO_DOCKERFILES', { service: name }, at('build', 'dockerfile_inline'));
  }
  checkContexts(check);
  const platforms = build.platforms as readonly string[] | undefined;
  if (platforms === undefined || service.platform === undefined || platforms.includes(service.platform)) return;
  report.error('COMPOSE_BUILD_PLATFORM', { service: name, platform: service.platform, platforms }, at('platform'));
}

function checkContexts({ name, service, project, report, at }: ServiceCheck): void {
  const contexts = (service.build?.additional_contexts ?? {}) as Readonly<Record<string, string>>;
  for (const [key, context] of Object.entries(contexts)) {
    if (!context.startsWith('service:')) continue;
    const target = context.slice('service:'.length);
    const facts = { service: name, context: key, target };
    const spot = at('build', 'additional_contexts', key);
    if (!Object.hasOwn(project.services, target)) report.error('COMPOSE_CONTEXT_UNKNOWN', facts, spot);
    else if (project.services[target]?.build === undefined) report.error('COMPOSE_CONTEXT_NOT_BUILT', facts, spot);
  }
}
