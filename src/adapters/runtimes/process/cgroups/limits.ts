import type { Service } from '#model/project.ts';

/** What an instance may use. Sizes in bytes, CPU in cores. */
export interface Limits {
  readonly memory: number | undefined;
  /** Memory and swap together. */
  readonly memoryAndSwap: number | undefined;
  readonly memoryReserved: number | undefined;
  readonly swappiness: number | undefined;
  readonly cpus: number | undefined;
  /** Relative weight; 1024 is usual. */
  readonly cpuShares: number | undefined;
  readonly processes: number | undefined;
}

/** Shortest period the kernel's bandwidth control is usually given, microseconds. */
export const cpuPeriod = 100_000;

/** The limits of a service: `deploy.resources.limits` wins over the older attributes. */
export function limitsOf(service: Service): Limits {
  const limits = service.deploy?.resources?.limits;
  const reserved = service.deploy?.resources?.reservations;
  const memory = bytesOf(limits?.memory ?? service.mem_limit);
  const swap = bytesOf(service.memswap_limit);
  return {
    memory,
    // As the engine of containers does: swap up to the memory limit again, unless the file says otherwise.
    memoryAndSwap: swap ?? (memory === undefined ? undefined : memory * 2),
    memoryReserved: bytesOf(reserved?.memory ?? service.mem_reservation),
    swappiness: numberOf(service.mem_swappiness),
    cpus: positive(numberOf(limits?.cpus ?? service.cpus)) ?? quotaCpus(service),
    cpuShares: numberOf(service.cpu_shares),
    processes: positive(numberOf(limits?.pids ?? service.pids_limit)),
  };
}

function quotaCpus(service: Service): number | undefined {
  const quota = positive(numberOf(service.cpu_quota));
  if (quota === undefined) return undefined;
  return quota / (periodOf(service.cpu_period) ?? cpuPeriod);
}

/** Microseconds, or a duration as some files write it. */
function periodOf(value: unknown): number | undefined {
  const milliseconds = typeof value === 'string' ? /^(\d+(?:\.\d+)?)ms$/.exec(value)?.[1] : undefined;
  return milliseconds === undefined ? positive(numberOf(value)) : Number(milliseconds) * 1000;
}

function bytesOf(value: unknown): number | undefined {
  const bytes = numberOf(value);
  return bytes === 0 ? undefined : bytes;
}

function numberOf(value: unknown): number | undefined {
  if (value === undefined || value === null || value === '') return undefined;
  const number = Number(value);
  return Number.isFinite(number) ? number : undefined;
}

/** Zero and less mean "no limit" in Compose. */
function positive(value: number | undefined): number | undefined {
  return value !== undefined && value > 0 ? value : undefined;
}
