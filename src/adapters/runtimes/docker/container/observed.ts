import { constants } from 'node:os';
import type { Exit, ObservedInstance } from '#model/instance.ts';
import { label } from '../labels.ts';
import type { ContainerInspected } from './api.ts';

/**
 * What the engine says of a container, as an instance.
 *
 * @param restarts starts beyond the first, which we count ourselves
 * @returns undefined when the container is no instance of ours
 */
export function observedOf(container: ContainerInspected, restarts: number): ObservedInstance | undefined {
  const labels = container.Config.Labels ?? {};
  const id = labels[label.instance];
  const project = labels[label.project];
  const service = labels[label.service];
  if (id === undefined || project === undefined || service === undefined) return undefined;
  return {
    id,
    project,
    service,
    release: Number(labels[label.release]),
    fingerprint: labels[label.fingerprint] ?? '',
    state: stateOf(container),
    address: addressOf(container),
    startedAt: momentOf(container.State.StartedAt),
    restarts,
    exit: exitOf(container),
    container: container.Id,
  };
}

/** A container whose start failed stays `created` for the engine; for us it has ended, and its error says why. */
function stateOf({ State }: ContainerInspected): ObservedInstance['state'] {
  if (State.Running) return 'running';
  return State.Status === 'created' && State.Error === '' ? 'created' : 'exited';
}

/** Where it listens: the address fixed at its creation, else the one the engine gave it on the network we use. */
export function addressOf(container: ContainerInspected): string | undefined {
  const labels = container.Config.Labels ?? {};
  const fixed = labels[label.address];
  if (fixed !== undefined) return fixed;
  const endpoint = container.NetworkSettings.Networks?.[labels[label.network] ?? ''];
  const address = endpoint?.IPAddress || endpoint?.IPAMConfig?.IPv4Address;
  return address === undefined || address === '' ? undefined : address;
}

/** How the container ended, or undefined while it runs or has never run. */
export function exitOf(container: ContainerInspected): Exit | undefined {
  if (stateOf(container) !== 'exited') return undefined;
  const { ExitCode, OOMKilled, FinishedAt } = container.State;
  return {
    code: ExitCode,
    signal: signalOf(ExitCode),
    at: momentOf(FinishedAt) ?? momentOf(container.Created) ?? 0,
    outOfMemory: OOMKilled,
  };
}

/** The engine tells a death by signal only as 128 + its number. */
export function signalOf(code: number): string | undefined {
  if (code <= 128) return undefined;
  return Object.entries(constants.signals).find(([, number]) => number === code - 128)?.[0];
}

/** The engine writes the year 1 for what never happened. */
function momentOf(time: string): number | undefined {
  const moment = Date.parse(time);
  return Number.isNaN(moment) || moment <= 0 ? undefined : moment;
}
