import { type Finding, finding } from '#core/finding.ts';
import type { Healthcheck } from '#model/project.ts';
import type { Endpoint } from '#model/route.ts';
import type { Probe, ProbeKind } from '#model/spec.ts';
import type { Locate } from '#world/runtime.ts';
import { durationOr } from './quantity.ts';
import type { ServiceSettings } from './schema.ts';

interface Input {
  readonly name: string;
  readonly settings: ServiceSettings;
  readonly healthcheck: Healthcheck | undefined;
  /** What the labels of a proxy ask for. */
  readonly labelled?: Probe | undefined;
  readonly endpoints: readonly Endpoint[];
  readonly locate: Locate;
}

type Times = Omit<Probe, keyof ProbeKind | 'kind'>;

/**
 * How to ask whether an instance is ready: `x-timonel.probe`, else the health check of its labels, else the Compose
 * healthcheck, else a connection to its first port, else that it keeps running.
 */
export function resolveProbe(input: Input): { readonly probe: Probe; readonly findings: readonly Finding[] } {
  const chosen = input.settings.probe;
  if (chosen !== undefined) {
    const kind = chosenKind(chosen, input.endpoints);
    if (kind !== undefined) return { probe: { ...kind, ...chosenTimes(chosen) }, findings: [] };
    const at = input.locate(['services', input.name, 'x-timonel', 'probe']);
    return {
      probe: { ...fallbackKind([]), ...defaultTimes },
      findings: [finding('error', 'SETTINGS_PROBE_PORT', { service: input.name }, at)],
    };
  }
  if (input.labelled !== undefined) return { probe: input.labelled, findings: [] };
  const command = healthcheckCommand(input.healthcheck);
  if (command !== undefined)
    return { probe: { kind: 'command', command, ...healthcheckTimes(input.healthcheck ?? {}) }, findings: [] };
  return { probe: { ...fallbackKind(input.endpoints), ...defaultTimes }, findings: [] };
}

const defaultTimes: Times = {
  intervalMs: 10_000,
  timeoutMs: 5000,
  retries: 3,
  startPeriodMs: 60_000,
  startIntervalMs: 100,
};
const runningDefaultMs = 2000;

type Chosen = NonNullable<ServiceSettings['probe']>;

function chosenKind(chosen: Chosen, endpoints: readonly Endpoint[]): ProbeKind | undefined {
  const firstPort = endpoints[0]?.port;
  if (chosen.http !== undefined) {
    const http = typeof chosen.http === 'string' ? { path: chosen.http } : chosen.http;
    const port = ('port' in http ? http.port : undefined) ?? firstPort;
    if (port === undefined) return undefined;
    return { kind: 'http', scheme: 'http', headers: {}, status: [], ...dropUndefined(http), port };
  }
  if (chosen.tcp !== undefined) {
    const port = chosen.tcp === true ? firstPort : chosen.tcp;
    return port === undefined ? undefined : { kind: 'tcp', port };
  }
  if (chosen.command !== undefined) return { kind: 'command', command: chosen.command };
  if (chosen.log !== undefined) return { kind: 'log', pattern: chosen.log };
  return { kind: 'running', forMs: chosen.running ?? runningDefaultMs };
}

function dropUndefined<T extends object>(value: T): { [K in keyof T]: Exclude<T[K], undefined> } {
  return Object.fromEntries(Object.entries(value).filter(([, one]) => one !== undefined)) as {
    [K in keyof T]: Exclude<T[K], undefined>;
  };
}

function chosenTimes(chosen: Chosen): Times {
  return {
    intervalMs: chosen.interval ?? defaultTimes.intervalMs,
    timeoutMs: chosen.timeout ?? defaultTimes.timeoutMs,
    retries: chosen.retries ?? defaultTimes.retries,
    startPeriodMs: chosen.startPeriod ?? defaultTimes.startPeriodMs,
    startIntervalMs: defaultTimes.startIntervalMs,
  };
}

function fallbackKind(endpoints: readonly Endpoint[]): ProbeKind {
  const first = endpoints[0];
  return first === undefined ? { kind: 'running', forMs: runningDefaultMs } : { kind: 'tcp', port: first.port };
}

/** The argument list of a healthcheck's `test`, or undefined when there is none (`NONE`, `disable: true`). */
function healthcheckCommand(check: Healthcheck | undefined): readonly string[] | undefined {
  if (check === undefined || check.disable === true) return undefined;
  const [form, ...rest] = check.test ?? [];
  if (form === 'CMD' && rest.length > 0) return rest;
  if (form === 'CMD-SHELL' && rest[0] !== undefined) return ['/bin/sh', '-c', rest[0]];
  return undefined;
}

/**
 * Defaults of the Compose Specification (30 s, 30 s, 3, 0 s); the first questions come at `start_interval`, by default
 * every half second, so that a deployment does not wait out a long interval for an instance that is ready.
 */
function healthcheckTimes(check: Healthcheck): Times {
  const intervalMs = durationOr(check.interval, 30_000);
  return {
    intervalMs,
    timeoutMs: durationOr(check.timeout, 30_000),
    retries: check.retries ?? 3,
    startPeriodMs: durationOr(check.start_period, 0),
    startIntervalMs: Math.min(intervalMs, durationOr(check.start_interval, 500)),
  };
}
