import type { Service } from '#model/project.ts';
import { isCdiName } from './resources-part.ts';
import { defined, listOf, textMapOf, textOf, textsOf } from './values.ts';

/** Rights and namespaces of the container, for its HostConfig. `security` is `security_opt` with profiles read in. */
export function securityPart(service: Service, security: readonly string[]): Record<string, unknown> {
  return defined({
    Privileged: service.privileged,
    ReadonlyRootfs: service.read_only,
    Init: service.init,
    CapAdd: service.cap_add,
    CapDrop: service.cap_drop,
    SecurityOpt: security.length === 0 ? undefined : security,
    GroupAdd: service.group_add?.map(String),
    Sysctls: service.sysctls === undefined ? undefined : textMapOf(service.sysctls),
    Devices: devicesOf(service),
    DeviceCgroupRules: service.device_cgroup_rules,
    UsernsMode: textOf(service.userns_mode),
    UTSMode: textOf(service.uts),
    CgroupnsMode: textOf(service.cgroup),
    Runtime: textOf(service.runtime),
    Annotations: service.annotations === undefined ? undefined : textMapOf(service.annotations),
    ...dnsOf(service),
  });
}

function devicesOf(service: Service): readonly object[] | undefined {
  if (service.devices === undefined) return undefined;
  return listOf(service.devices)
    .filter((device) => !isCdiName(textOf(device.source) ?? ''))
    .map((device) => ({
      PathOnHost: textOf(device.source),
      PathInContainer: textOf(device.target) ?? textOf(device.source),
      CgroupPermissions: textOf(device.permissions) ?? 'rwm',
    }));
}

function dnsOf(service: Service): Record<string, unknown> {
  const list = (value: unknown) => (value === undefined ? undefined : textsOf(value));
  return { Dns: list(service.dns), DnsOptions: list(service.dns_opt), DnsSearch: list(service.dns_search) };
}
