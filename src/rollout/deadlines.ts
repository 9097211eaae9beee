import type { StepBody } from '#model/plan.ts';
import type { Probe, ServiceSpec } from '#model/spec.ts';

const second = 1000;
const minute = 60 * second;

/** Above the time that a step may take by the service's own settings, so that its own reason comes first. */
const margin = 5 * second;

/** A person may be waited for. Nobody comes back after a week: then the old release has everything again. */
const approvalLimit = 7 * 24 * 60 * minute;

/** A one-shot service has no probe that says when it is overdue. */
const oneShotLimit = 30 * minute;

/** After this long an instance that was never ready has failed, milliseconds from its start. */
export function readyLimitMs(spec: ServiceSpec): number {
  if (spec.oneShot) return oneShotLimit;
  return probeLimitMs(spec.probe);
}

function probeLimitMs(probe: Probe): number {
  const running = probe.kind === 'running' ? probe.forMs : 0;
  return probe.startPeriodMs + probe.retries * probe.intervalMs + probe.timeoutMs + running;
}

/**
 * How long a step may take, milliseconds. `spec` is the step's service, of the release that has the longer times where
 * two could be meant; undefined for steps of the whole project.
 */
export function deadlineOf(body: StepBody, spec: ServiceSpec | undefined): number {
  const graceMs = spec?.stopGraceMs ?? 10 * second;
  switch (body.kind) {
    case 'prepare':
      return 30 * minute;
    case 'prune':
      return 10 * minute;
    case 'release-command':
      return (spec?.releaseCommand?.timeoutMs ?? 10 * minute) + margin;
    case 'gate':
      return (spec === undefined ? minute : readyLimitMs(spec)) + margin;
    case 'drain':
      return graceMs + margin;
    case 'stop':
      return graceMs + 30 * second;
    case 'wait':
      return body.forMs + margin;
    case 'analyse':
      return approvalLimit;
    case 'observe':
      return body.forMs + 30 * second;
    case 'start':
    case 'resume':
    case 'remove':
    case 'ensure-project':
    case 'forget-project':
    case 'verify':
      return minute;
    case 'check':
    case 'listen':
    case 'expose':
    case 'route':
    case 'hold':
    case 'unhold':
    case 'park':
    case 'commit':
      return 30 * second;
    default:
      return body satisfies never;
  }
}
