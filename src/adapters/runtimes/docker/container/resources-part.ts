import type { Service } from '#model/project.ts';
import { bytesOf, defined, listOf, mapOf, numberOf, textMapOf, textOf, textsOf } from './values.ts';

/** Limits and reservations of CPU, memory, processes, devices and I/O, for the container's HostConfig. */
export function resourcesPart(service: Service): Record<string, unknown> {
  const limits = service.deploy?.resources?.limits;
  const reserved = mapOf(service.deploy?.resources?.reservations);
  const cpus = numberOf(limits?.cpus ?? service.cpus);
  return defined({
    NanoCpus: cpus === undefined ? undefined : Math.round(cpus * 1e9),
    Memory: bytesOf(limits?.memory ?? service.mem_limit),
    MemoryReservation: bytesOf(reserved.memory ?? service.mem_reservation),
    MemorySwap: bytesOf(service.memswap_limit),
    MemorySwappiness: numberOf(service.mem_swappiness),
    PidsLimit: numberOf(limits?.pids ?? service.pids_limit),
    CpuShares: numberOf(service.cpu_shares),
    CpuPeriod: numberOf(service.cpu_period),
    CpuQuota: numberOf(service.cpu_quota),
    CpuRealtimePeriod: numberOf(service.cpu_rt_period),
    CpuRealtimeRuntime: numberOf(service.cpu_rt_runtime),
    CpusetCpus: textOf(service.cpuset),
    CgroupParent: textOf(service.cgroup_parent),
    OomKillDisable: service.oom_kill_disable,
    OomScoreAdj: numberOf(service.oom_score_adj),
    ShmSize: bytesOf(service.shm_size),
    StorageOpt: service.storage_opt === undefined ? undefined : textMapOf(service.storage_opt),
    Ulimits: ulimitsOf(service.ulimits),
    DeviceRequests: deviceRequests(service),
    ...blockIo(mapOf(service.blkio_config)),
  });
}

function ulimitsOf(ulimits: Service['ulimits']): readonly object[] | undefined {
  if (ulimits === undefined) return undefined;
  return Object.entries(ulimits).map(([Name, limit]) => {
    const both = typeof limit === 'number' ? { soft: limit, hard: limit } : limit;
    return { Name, Soft: both.soft, Hard: both.hard };
  });
}

/** GPUs and their like, from `gpus`, from the reservations, and CDI names among `devices`. */
function deviceRequests(service: Service): readonly object[] | undefined {
  const reserved = listOf(mapOf(service.deploy?.resources?.reservations).devices);
  const asked = service.gpus === 'all' ? [{}] : listOf(service.gpus);
  const gpus = asked.map((one) => ({ ...one, capabilities: ['gpu', ...textsOf(mapOf(one).capabilities)] }));
  const requests: object[] = [...gpus, ...reserved].map((one) => {
    const request = mapOf(one);
    const ids = textsOf(request.device_ids);
    return defined({
      Driver: textOf(request.driver),
      Count: ids.length > 0 ? undefined : (numberOf(request.count) ?? -1),
      DeviceIDs: ids.length > 0 ? ids : undefined,
      Capabilities: [textsOf(request.capabilities)],
      Options: request.options === undefined ? undefined : textMapOf(request.options),
    });
  });
  const cdi = listOf(service.devices)
    .map((device) => textOf(device.source) ?? '')
    .filter(isCdiName);
  if (cdi.length > 0) requests.push({ Driver: 'cdi', DeviceIDs: cdi });
  return requests.length === 0 ? undefined : requests;
}

/** `vendor.com/class=name`, which names a device by a specification and not by a path. */
export function isCdiName(source: string): boolean {
  return !source.startsWith('/') && source.includes('=');
}

function blockIo(config: Readonly<Record<string, unknown>>): Record<string, unknown> {
  const rates = (key: string) =>
    config[key] === undefined
      ? undefined
      : listOf(config[key]).map((one) => ({ Path: textOf(one.path), Rate: bytesOf(one.rate) }));
  return {
    BlkioWeight: numberOf(config.weight),
    BlkioWeightDevice:
      config.weight_device === undefined
        ? undefined
        : listOf(config.weight_device).map((one) => ({ Path: textOf(one.path), Weight: numberOf(one.weight) })),
    BlkioDeviceReadBps: rates('device_read_bps'),
    BlkioDeviceWriteBps: rates('device_write_bps'),
    BlkioDeviceReadIOps: rates('device_read_iops'),
    BlkioDeviceWriteIOps: rates('device_write_iops'),
  };
}
