import { readFileSync, readlinkSync } from 'node:fs';

/**
 * Which process is meant: a pid alone is reused sooner or later, so its start time and the boot it lived in go with
 * it (proc(5): `starttime`, clock ticks since boot).
 */
export interface ProcessIdentity {
  readonly pid: number;
  readonly start: string;
  readonly boot: string;
}

/** What /proc/PID/stat says that we use. */
export interface ProcessStat {
  readonly pid: number;
  readonly state: string;
  readonly group: number;
  readonly session: number;
  readonly start: string;
}

/** Reads /proc/PID/stat; undefined when there is no such process. */
export function readStat(pid: number): ProcessStat | undefined {
  try {
    return parseStat(readFileSync(`/proc/${pid}/stat`, 'latin1'));
  } catch {
    return undefined;
  }
}

/** Field 2 is the program's name in brackets, which may itself hold brackets and spaces: count from the last one. */
export function parseStat(text: string): ProcessStat {
  const fields = text.slice(text.lastIndexOf(')') + 2).split(' ');
  return {
    pid: Number.parseInt(text, 10),
    state: fields[0] ?? '',
    group: Number(fields[2]),
    session: Number(fields[3]),
    start: fields[19] ?? '',
  };
}

/** The identity of a process that runs now. */
export function identify(pid: number): ProcessIdentity | undefined {
  const stat = readStat(pid);
  return stat === undefined ? undefined : { pid, start: stat.start, boot: bootId() };
}

/** Does exactly this process still run? A zombie does not. */
export function isAlive(identity: ProcessIdentity): boolean {
  if (identity.boot !== bootId()) return false;
  const stat = readStat(identity.pid);
  return stat !== undefined && stat.start === identity.start && !isDead(stat);
}

/** Is this process alive and in mounts of its own? Asked before entering them: else they would be the machine's. */
export function isApart(identity: ProcessIdentity): boolean {
  try {
    const apart = readlinkSync(`/proc/${identity.pid}/ns/mnt`) !== readlinkSync('/proc/self/ns/mnt');
    return apart && isAlive(identity);
  } catch {
    return false;
  }
}

export function isDead(stat: ProcessStat): boolean {
  return stat.state === 'Z' || stat.state === 'X';
}

let boot: string | undefined;

/** The same for as long as the machine runs. */
export function bootId(): string {
  boot ??= readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim();
  return boot;
}
