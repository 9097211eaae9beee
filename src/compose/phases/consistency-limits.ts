import type { ServiceCheck } from './consistency.ts';

/** Limits and counts that can be said in two places must say the same in both. */
export function checkLimits(check: ServiceCheck): void {
  const { service } = check;
  checkScale(check);
  const resources = service.deploy?.resources;
  const limits = resources?.limits;
  const reservations = resources?.reservations;
  if (limits !== undefined) {
    mustAgree(check, 'cpus', 'deploy.resources.limits.cpus', limits.cpus ?? 0);
    mustAgree(check, 'mem_limit', 'deploy.resources.limits.memory', limits.memory ?? '0');
    mustAgree(check, 'pids_limit', 'deploy.resources.limits.pids', limits.pids ?? 0);
  }
  if (reservations !== undefined) {
    mustAgree(check, 'mem_reservation', 'deploy.resources.reservations.memory', reservations.memory ?? '0');
  }
}

function checkScale({ name, service, report, at }: ServiceCheck): void {
  const { scale } = service;
  const replicas = service.deploy?.replicas;
  if (scale !== undefined && replicas !== undefined && scale !== replicas) {
    report.error('COMPOSE_DISTINCT_VALUES', { service: name, one: 'scale', other: 'deploy.replicas' }, at('scale'));
  }
  if (scale !== undefined && scale < 0) {
    report.error('COMPOSE_TOO_SMALL', { path: `services.${name}.scale`, value: scale, min: 0 }, at('scale'));
  }
  if (replicas !== undefined && replicas < 0) {
    const facts = { path: `services.${name}.deploy.replicas`, value: replicas, min: 0 };
    report.error('COMPOSE_TOO_SMALL', facts, at('deploy', 'replicas'));
  }
}

function mustAgree({ name, service, report, at }: ServiceCheck, one: string, other: string, value: unknown): void {
  const own = service[one];
  if (own === undefined || own === value) return;
  report.error('COMPOSE_DISTINCT_VALUES', { service: name, one, other }, at(one));
}
