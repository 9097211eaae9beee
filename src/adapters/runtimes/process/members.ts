import { readdirSync, readlinkSync } from 'node:fs';
import { groupMembers, type InstanceGroup, killGroupMembers } from './cgroups/group.ts';
import { isAlive, isDead, type ProcessIdentity, readStat } from './identity.ts';

/** How the processes of an instance are told from all others. */
export interface Belonging {
  readonly identity: ProcessIdentity;
  readonly group: InstanceGroup;
  /** Files that only this instance's processes write their output to. */
  readonly output: readonly string[];
}

/**
 * The living processes of an instance: those in its control group, those in its session, and those in a process group
 * it leads. A session whose leader is gone counts only for processes that write to the instance's output, because its
 * number may have been given to a stranger since.
 */
export function membersOf(belonging: Belonging): readonly number[] {
  const grouped = groupMembers(belonging.group) ?? [];
  return [...new Set([...grouped, ...sessionOf(belonging)])].filter(isLiving);
}

/** Those of them that its signals reach: they stayed in the session or process group that it leads. */
export function sessionOf({ identity, group, output }: Belonging): readonly number[] {
  const certain = isAlive(identity);
  const grouped = new Set(groupMembers(group));
  const ours = (pid: number): boolean => certain || grouped.has(pid) || writesTo(pid, output);
  return processesOf(identity.pid).filter((pid) => isLiving(pid) && ours(pid));
}

/** Processes whose output goes to one of `files`: how an instance is found again whose pid was lost. */
export function writersOf(files: readonly string[]): readonly number[] {
  return allProcesses().filter((pid) => writesTo(pid, files) && isLiving(pid));
}

/** Sends SIGKILL to every member; more may have been born meanwhile, so look again. */
export function killMembers(belonging: Belonging): void {
  killGroupMembers(belonging.group);
  for (const pid of membersOf(belonging)) sendSignal(pid, 'SIGKILL');
}

/** Signals the process group that the instance leads, if it is still the same process. */
export function signalGroup(identity: ProcessIdentity, signal: number): void {
  if (isAlive(identity)) sendSignal(-identity.pid, signal);
}

export function sendSignal(pid: number, signal: NodeJS.Signals | number): void {
  try {
    process.kill(pid, signal);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
  }
}

function processesOf(leader: number): number[] {
  return allProcesses().filter((pid) => {
    const stat = readStat(pid);
    return stat !== undefined && (stat.session === leader || stat.group === leader);
  });
}

function allProcesses(): number[] {
  return readdirSync('/proc').map(Number).filter(Number.isInteger);
}

function isLiving(pid: number): boolean {
  const stat = readStat(pid);
  return stat !== undefined && !isDead(stat);
}

function writesTo(pid: number, files: readonly string[]): boolean {
  return [1, 2].some((descriptor) => {
    try {
      return files.includes(readlinkSync(`/proc/${pid}/fd/${descriptor}`));
    } catch {
      return false;
    }
  });
}
