import { parseDuration } from '#core/duration.ts';
import type { InstanceSpec } from '#model/instance.ts';
import type { Healthcheck } from '#model/project.ts';
import { defined, textOf } from './values.ts';

/** The part of the container that its process sees: command, environment, user, terminal, how it is stopped. */
export function processPart(instance: InstanceSpec): Record<string, unknown> {
  const { service, stopSignal, stopGraceMs } = instance.spec;
  return defined({
    Cmd: service.command ?? undefined,
    Entrypoint: service.entrypoint ?? undefined,
    Env: environmentOf(instance),
    User: service.user,
    WorkingDir: service.working_dir,
    Hostname: service.hostname,
    Domainname: textOf(service.domainname),
    Tty: service.tty,
    OpenStdin: service.stdin_open,
    StopSignal: stopSignal,
    // Whole seconds are all that the engine keeps; a shutdown of the host honours the grace too.
    StopTimeout: Math.ceil(stopGraceMs / 1000),
    Healthcheck: healthcheckOf(service.healthcheck),
    ExposedPorts: exposedPorts(instance),
  });
}

/** Byte-exact: the engine takes `NAME=VALUE` as it is, with no shell in between. */
function environmentOf({ id, release, spec }: InstanceSpec): readonly string[] {
  const all = { INSTANCE_ID: id, RELEASE: String(release), ...spec.environment };
  return Object.entries(all).map(([name, value]) => `${name}=${value}`);
}

/** Kept although Timonel probes by itself, so that `docker ps` and people's scripts see the container's health. */
function healthcheckOf(check: Healthcheck | undefined): Record<string, unknown> | undefined {
  if (check === undefined) return undefined;
  if (check.disable === true) return { Test: ['NONE'] };
  return defined({
    Test: check.test,
    Interval: nanoseconds(check.interval),
    Timeout: nanoseconds(check.timeout),
    Retries: check.retries,
    StartPeriod: nanoseconds(check.start_period),
    StartInterval: nanoseconds(check.start_interval),
  });
}

function nanoseconds(duration: string | undefined): number | undefined {
  const ms = duration === undefined ? undefined : parseDuration(duration);
  return ms === undefined ? undefined : Math.round(ms * 1e6);
}

/** Information only: nothing is published by the engine, the proxy carries the published ports. */
function exposedPorts({ spec }: InstanceSpec): Record<string, object> {
  const ports = [
    ...(spec.service.ports ?? []).map((port) => `${port.target}/${port.protocol ?? 'tcp'}`),
    ...(spec.service.expose ?? []).map(String).map((port) => (port.includes('/') ? port : `${port}/tcp`)),
  ];
  return Object.fromEntries(ports.filter((port) => !port.includes('-')).map((port) => [port, {}]));
}
