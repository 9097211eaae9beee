import { existsSync, readdirSync, rmSync } from 'node:fs';
import { findGroup } from '../cgroups/group.ts';
import { identify, readStat } from '../identity.ts';
import { removeLayer } from '../launch/layer.ts';
import { killMembers, writersOf } from '../members.ts';
import type { Parts } from '../parts.ts';
import { type InstanceFolder, instanceFolder } from './folder.ts';
import { groupNameOf } from './instance.ts';
import { type InstanceRecord, type InstanceState, readRecord, readState } from './state.ts';

export interface Found {
  readonly record: InstanceRecord;
  readonly state: InstanceState;
}

type FindParts = Pick<Parts, 'home' | 'hierarchies' | 'clock'>;

/** Every instance that the home's files tell of. What cannot be read any more is ended and cleared away. */
export function findInstances(parts: FindParts): readonly Found[] {
  return foldersIn(parts.home.projects).flatMap((project) =>
    foldersIn(parts.home.instances(project)).flatMap((id) => {
      const folder = instanceFolder(parts.home.instance(project, id));
      const record = readRecord(folder);
      if (record === undefined) return clearAway(folder);
      return [{ record, state: readState(folder) ?? recoverState(parts, record, folder) }];
    }),
  );
}

/** The state is garbage, but what was serving must go on: its process is known by the files that it writes to. */
function recoverState(parts: FindParts, record: InstanceRecord, folder: InstanceFolder): InstanceState {
  const leader = leaderOf(folder);
  const identity = leader === undefined ? undefined : identify(leader);
  if (identity === undefined) return { phase: 'created', restarts: 0 };
  const group = findGroup(parts.hierarchies, groupNameOf(parts, record));
  return { phase: 'running', restarts: 0, identity, startedAt: parts.clock.now(), group };
}

/** Without its record nobody knows what it is or where it listens. */
function clearAway(folder: InstanceFolder): [] {
  const leader = leaderOf(folder);
  const identity = leader === undefined ? undefined : identify(leader);
  if (identity !== undefined) {
    killMembers({ identity, group: { folders: [] }, output: [folder.stdout, folder.stderr] });
  }
  removeLayer(folder.layer);
  rmSync(folder.path, { recursive: true, force: true });
  return [];
}

function leaderOf(folder: InstanceFolder): number | undefined {
  return writersOf([folder.stdout, folder.stderr]).find((pid) => readStat(pid)?.session === pid);
}

function foldersIn(path: string): string[] {
  if (!existsSync(path)) return [];
  return readdirSync(path, { withFileTypes: true })
    .filter((entry) => entry.isDirectory() && !entry.name.startsWith('.'))
    .map((entry) => entry.name);
}
