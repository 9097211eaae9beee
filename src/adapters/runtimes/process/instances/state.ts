import type { Exit, InstanceSpec } from '#model/instance.ts';
import { readJson, writeJson } from '../atomic-file.ts';
import type { InstanceGroup } from '../cgroups/group.ts';
import type { ProcessIdentity } from '../identity.ts';
import type { InstanceFolder } from './folder.ts';

/** What an instance is; never changes. */
export interface InstanceRecord {
  readonly spec: InstanceSpec;
  readonly address: string;
  /** The command of a one-off run, which replaces the service's; such an instance is not observed. */
  readonly once?: readonly string[];
}

/** How an instance is. */
export type InstanceState =
  | { readonly phase: 'created'; readonly restarts: number }
  | {
      readonly phase: 'running';
      readonly restarts: number;
      readonly identity: ProcessIdentity;
      readonly startedAt: number;
      readonly group: InstanceGroup;
    }
  | {
      readonly phase: 'exited';
      readonly restarts: number;
      readonly startedAt: number | undefined;
      readonly exit: Exit;
    };

export function readRecord(folder: InstanceFolder): InstanceRecord | undefined {
  const value = readJson(folder.record) as Partial<InstanceRecord> | undefined;
  const whole = typeof value?.address === 'string' && typeof value.spec?.id === 'string';
  return whole ? (value as InstanceRecord) : undefined;
}

/** Undefined when it was never written or is garbage: the process is then looked for by its output. */
export function readState(folder: InstanceFolder): InstanceState | undefined {
  const value = readJson(folder.state) as Partial<InstanceState> | undefined;
  if (typeof value?.restarts !== 'number') return undefined;
  const whole = {
    created: true,
    running: 'identity' in value && value.identity !== undefined && 'group' in value,
    exited: 'exit' in value && value.exit !== undefined,
  };
  return value.phase !== undefined && whole[value.phase] === true ? (value as InstanceState) : undefined;
}

export function writeRecord(folder: InstanceFolder, record: InstanceRecord): void {
  writeJson(folder.record, record);
}

export function writeState(folder: InstanceFolder, state: InstanceState): void {
  writeJson(folder.state, state);
}
