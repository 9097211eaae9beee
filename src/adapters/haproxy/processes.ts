import { readdirSync, readFileSync } from 'node:fs';
import { basename } from 'node:path';

/** A process beyond doubt: a pid alone is given to another one sooner or later. */
export interface ProcessId {
  readonly pid: number;
  /** Start time in clock ticks since boot (proc(5), field `starttime`). */
  readonly start: string;
  readonly parent: number;
}

/** The process with this pid, when it lives; a zombie does not. */
export function processId(pid: number): ProcessId | undefined {
  const stat = procText(pid, 'stat');
  if (stat === undefined) return undefined;
  // The name in brackets may hold spaces and brackets itself: count from the last one.
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  const [state, parent] = fields;
  const start = fields[19];
  if (state === 'Z' || state === 'X' || start === undefined) return undefined;
  return { pid, start, parent: Number(parent) };
}

export function lives(one: Pick<ProcessId, 'pid' | 'start'>): boolean {
  return processId(one.pid)?.start === one.start;
}

/** Every HAProxy process that was started with this configuration file, masters and workers alike. */
export function proxyProcesses(config: string): ProcessId[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map(Number)
    .filter((pid) => isProxyOf(pid, config))
    .map(processId)
    .filter((one) => one !== undefined);
}

function isProxyOf(pid: number, config: string): boolean {
  const words = procText(pid, 'cmdline')?.split('\0') ?? [];
  return basename(words[0] ?? '') === 'haproxy' && words[words.indexOf('-f') + 1] === config;
}

/** The short name of a process. */
export function processName(pid: number): string | undefined {
  return procText(pid, 'comm')?.trim();
}

function procText(pid: number, file: string): string | undefined {
  try {
    return readFileSync(`/proc/${pid}/${file}`, 'latin1');
  } catch {
    // It ended meanwhile, or belongs to somebody whose processes we may not look into.
    return undefined;
  }
}

/** Sends a signal to exactly this process; false when it is gone. */
export function signal(one: Pick<ProcessId, 'pid' | 'start'>, name: NodeJS.Signals): boolean {
  if (!lives(one)) return false;
  try {
    process.kill(one.pid, name);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ESRCH') return false;
    throw error;
  }
}
