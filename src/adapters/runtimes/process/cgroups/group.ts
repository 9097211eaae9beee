import { existsSync, mkdirSync, readFileSync, rmdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { Hierarchies } from './hierarchies.ts';
import { cpuPeriod, type Limits } from './limits.ts';

/** The control groups of one instance: the folders, of which the first serves to find its processes. */
export interface InstanceGroup {
  readonly folders: readonly string[];
}

/** A resource that could not be limited. */
export type Unlimited = 'memory' | 'cpu' | 'pids';

interface Write {
  readonly file: string;
  readonly value: string;
  /** An absent or refused one is no loss: the kernel lacks swap accounting, say. */
  readonly optional?: boolean;
}

interface Controller {
  readonly name: Unlimited;
  readonly legacy: readonly Write[];
  readonly unified: readonly Write[];
}

/**
 * Makes fresh groups named `path` (relative, `timonel/HOME/PROJECT.ID`) with `limits`. Where the kernel or our rights
 * do not allow one, the instance runs without it and the answer says so.
 */
export function makeGroup(
  hierarchies: Hierarchies,
  path: string,
  limits: Limits,
): { readonly group: InstanceGroup; readonly without: readonly Unlimited[] } {
  const folders: string[] = [];
  const without: Unlimited[] = [];
  const unified = makeUnified(hierarchies, path);
  if (unified !== undefined) folders.push(unified.folder);
  for (const controller of controllersOf(limits)) {
    const wanted = controller.legacy.length > 0;
    const legacy = hierarchies.legacy.get(controller.name);
    if (legacy !== undefined) {
      // Memory and processes are grouped even without limits: to count them, and to find what left its session.
      const folder = controller.name === 'cpu' && !wanted ? undefined : makeFolder(join(legacy, path));
      if (folder !== undefined) folders.push(folder);
      if (wanted && (folder === undefined || !writeAll(folder, controller.legacy))) without.push(controller.name);
    } else if (wanted && !(unified?.controllers.has(controller.name) && writeAll(unified.folder, controller.unified))) {
      without.push(controller.name);
    }
  }
  return { group: { folders }, without };
}

function controllersOf(limits: Limits): readonly Controller[] {
  const { memory, memoryAndSwap, memoryReserved, swappiness, cpus, cpuShares, processes } = limits;
  const given = (value: number | undefined, make: (value: number) => Write[]): Write[] =>
    value === undefined ? [] : make(Math.round(value));
  return [
    {
      name: 'pids',
      legacy: given(processes, (value) => [{ file: 'pids.max', value: String(value) }]),
      unified: given(processes, (value) => [{ file: 'pids.max', value: String(value) }]),
    },
    {
      name: 'memory',
      legacy: [
        ...given(memory, (value) => [{ file: 'memory.limit_in_bytes', value: String(value) }]),
        ...given(memoryAndSwap, (value) => [
          { file: 'memory.memsw.limit_in_bytes', value: String(value), optional: true },
        ]),
        ...given(memoryReserved, (value) => [
          { file: 'memory.soft_limit_in_bytes', value: String(value), optional: true },
        ]),
        ...given(swappiness, (value) => [{ file: 'memory.swappiness', value: String(value), optional: true }]),
      ],
      unified: [
        ...given(memory, (value) => [{ file: 'memory.max', value: String(value) }]),
        ...swapMax(memory, memoryAndSwap),
        ...given(memoryReserved, (value) => [{ file: 'memory.low', value: String(value), optional: true }]),
      ],
    },
    {
      name: 'cpu',
      legacy: [
        ...(cpus === undefined
          ? []
          : [
              { file: 'cpu.cfs_period_us', value: String(cpuPeriod) },
              { file: 'cpu.cfs_quota_us', value: String(Math.round(cpus * cpuPeriod)) },
            ]),
        ...given(cpuShares, (value) => [{ file: 'cpu.shares', value: String(value) }]),
      ],
      unified: [
        ...(cpus === undefined ? [] : [{ file: 'cpu.max', value: `${Math.round(cpus * cpuPeriod)} ${cpuPeriod}` }]),
        // The conversion of the kernel's own documentation: shares 2..262144 to weight 1..10000.
        ...given(cpuShares, (value) => [
          { file: 'cpu.weight', value: String(1 + Math.floor(((value - 2) * 9999) / 262_142)) },
        ]),
      ],
    },
  ];
}

function swapMax(memory: number | undefined, both: number | undefined): Write[] {
  if (memory === undefined || both === undefined) return [];
  const value = both < 0 ? 'max' : String(Math.max(0, Math.round(both - memory)));
  return [{ file: 'memory.swap.max', value, optional: true }];
}

function makeUnified(
  { unified }: Hierarchies,
  path: string,
): { readonly folder: string; readonly controllers: ReadonlySet<string> } | undefined {
  if (unified === undefined) return undefined;
  const folder = makeFolder(join(unified.folder, path));
  if (folder === undefined) return undefined;
  // Each level must hand its controllers down; from the top, because a level can only hand on what it has.
  const levels: string[] = [];
  for (let level = dirname(folder); level.length >= unified.folder.length; level = dirname(level))
    levels.unshift(level);
  for (const name of ['memory', 'cpu', 'pids'].filter((one) => unified.controllers.has(one))) {
    for (const level of levels) tryWrite(join(level, 'cgroup.subtree_control'), `+${name}`);
  }
  const own = readWords(join(folder, 'cgroup.controllers'));
  return { folder, controllers: new Set(own) };
}

/** A fresh folder: what an earlier run of the instance left would keep its counts. */
function makeFolder(folder: string): string | undefined {
  try {
    if (existsSync(folder)) removeFolder(folder);
    mkdirSync(folder, { recursive: true });
    return folder;
  } catch {
    return undefined;
  }
}

function writeAll(folder: string, writes: readonly Write[]): boolean {
  return writes.every(({ file, value, optional }) => tryWrite(join(folder, file), value) || optional === true);
}

function tryWrite(path: string, value: string): boolean {
  try {
    writeFileSync(path, value);
    return true;
  } catch {
    return false;
  }
}

function readWords(path: string): string[] {
  try {
    return readFileSync(path, 'utf8').trim().split(/\s+/).filter(Boolean);
  } catch {
    return [];
  }
}

/** The files to which a process writes itself to join. */
export function joinFiles(group: InstanceGroup): readonly string[] {
  return group.folders.map((folder) => join(folder, 'cgroup.procs'));
}

/** The processes in the group; undefined when there is no group to ask. */
export function groupMembers(group: InstanceGroup): readonly number[] | undefined {
  const [folder] = group.folders;
  if (folder === undefined || !existsSync(folder)) return undefined;
  return readWords(join(folder, 'cgroup.procs')).map(Number);
}

/** Kills all at once where the kernel can (5.14), and else at least stops them from multiplying. */
export function killGroupMembers(group: InstanceGroup): void {
  for (const folder of group.folders) {
    if (!tryWrite(join(folder, 'cgroup.kill'), '1')) tryWrite(join(folder, 'pids.max'), '0');
  }
}

/** Did the kernel kill one of the group for want of memory? */
export function ranOutOfMemory(group: InstanceGroup): boolean {
  return group.folders.some((folder) =>
    ['memory.events', 'memory.oom_control'].some((file) => {
      const words = readWords(join(folder, file));
      return Number(words[words.indexOf('oom_kill') + 1] ?? 0) > 0 && words.includes('oom_kill');
    }),
  );
}

/** Takes the group away, and the folders above it that only we had; one that still has processes stays. */
export function removeGroup(group: InstanceGroup): void {
  for (const folder of group.folders) {
    for (let at = folder; at.includes('/timonel'); at = dirname(at)) removeFolder(at);
  }
}

function removeFolder(folder: string): void {
  try {
    rmdirSync(folder);
  } catch {
    // Gone already, or not yet empty: the next start or removal tries again.
  }
}

/** The groups of this name that exist: for an instance whose state was lost. */
export function findGroup({ unified, legacy }: Hierarchies, path: string): InstanceGroup {
  const folders = [unified?.folder, ...legacy.values()]
    .filter((one) => one !== undefined)
    .map((one) => join(one, path));
  return { folders: [...new Set(folders)].filter((folder) => existsSync(folder)) };
}
