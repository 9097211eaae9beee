import { PathTable } from '../tree/path-table.ts';

const update = ['parallelism', 'delay', 'failure_action', 'monitor', 'max_failure_ratio', 'order'];
const hook = ['command', 'image', 'user', 'privileged', 'working_dir', 'environment', 'per_replica'];
const grant = ['source', 'target', 'uid', 'gid', 'mode'];
const request = ['capabilities', 'driver', 'count', 'device_ids', 'options'];
const resource = ['cpus', 'memory', 'pids', 'devices', 'generic_resources'];
const throttle = ['path', 'rate'];
const fileObject = [
  'name',
  'file',
  'environment',
  'content',
  'external',
  'labels',
  'driver',
  'driver_opts',
  'template_driver',
];

const build = [
  ...['context', 'dockerfile', 'dockerfile_inline', 'entitlements', 'args', 'provenance', 'sbom', 'ssh', 'labels'],
  ...[
    'cache_from',
    'cache_to',
    'no_cache',
    'no_cache_filter',
    'additional_contexts',
    'pull',
    'extra_hosts',
    'isolation',
  ],
  ...['network', 'target', 'secrets', 'shm_size', 'tags', 'ulimits', 'platforms', 'privileged'],
];

const service = [
  ...['profiles', 'annotations', 'attach', 'build', 'develop', 'blkio_config', 'cap_add', 'cap_drop', 'cgroup_parent'],
  ...[
    'cgroup',
    'cpu_count',
    'cpu_percent',
    'cpu_period',
    'cpu_quota',
    'cpu_rt_period',
    'cpu_rt_runtime',
    'cpus',
    'cpuset',
  ],
  ...['cpu_shares', 'command', 'configs', 'container_name', 'credential_spec', 'depends_on', 'deploy'],
  ...['device_cgroup_rules', 'devices', 'dns', 'dns_opt', 'dns_search', 'dockerfile', 'domainname', 'entrypoint'],
  ...['provider', 'environment', 'env_file', 'expose', 'extends', 'external_links', 'extra_hosts', 'group_add', 'gpus'],
  ...['hostname', 'healthcheck', 'image', 'init', 'ipc', 'isolation', 'labels', 'label_file', 'links', 'logging'],
  ...['mem_limit', 'mem_reservation', 'memswap_limit', 'mem_swappiness', 'mac_address', 'models', 'network_mode'],
  ...['networks', 'oom_kill_disable', 'oom_score_adj', 'pid', 'pids_limit', 'platform', 'ports', 'privileged'],
  ...['pull_policy', 'read_only', 'restart', 'runtime', 'scale', 'secrets', 'security_opt', 'shm_size', 'stdin_open'],
  ...[
    'stop_grace_period',
    'stop_signal',
    'storage_opt',
    'sysctls',
    'tmpfs',
    'tty',
    'ulimits',
    'use_api_socket',
    'user',
  ],
  ...['userns_mode', 'uts', 'volumes', 'volumes_from', 'working_dir', 'pre_start', 'post_start', 'pre_stop'],
];

/**
 * The order in which `docker compose config` prints the attributes of a section. Keys that users choose are printed in
 * the order of the alphabet, extensions last.
 */
export const fieldOrder = PathTable.of<readonly string[]>({
  '': ['name', 'services', 'networks', 'volumes', 'secrets', 'configs', 'models'],
  'services.*': service,
  'services.*.build': build,
  'services.*.build.secrets.*': grant,
  'services.*.build.ulimits.*': ['soft', 'hard'],
  'services.*.blkio_config': [
    'weight',
    'weight_device',
    'device_read_bps',
    'device_read_iops',
    'device_write_bps',
    'device_write_iops',
  ],
  'services.*.blkio_config.weight_device.*': ['path', 'weight'],
  'services.*.blkio_config.device_read_bps.*': throttle,
  'services.*.blkio_config.device_read_iops.*': throttle,
  'services.*.blkio_config.device_write_bps.*': throttle,
  'services.*.blkio_config.device_write_iops.*': throttle,
  'services.*.configs.*': grant,
  'services.*.credential_spec': ['config', 'file', 'registry'],
  'services.*.depends_on.*': ['condition', 'restart', 'required'],
  'services.*.deploy': [
    ...['mode', 'replicas', 'labels', 'update_config', 'rollback_config', 'resources', 'restart_policy', 'placement'],
    'endpoint_mode',
  ],
  'services.*.deploy.update_config': update,
  'services.*.deploy.rollback_config': update,
  'services.*.deploy.resources': ['limits', 'reservations'],
  'services.*.deploy.resources.limits': resource,
  'services.*.deploy.resources.reservations': resource,
  'services.*.deploy.resources.reservations.devices.*': request,
  'services.*.deploy.resources.reservations.generic_resources.*.discrete_resource_spec': ['kind', 'value'],
  'services.*.deploy.restart_policy': ['condition', 'delay', 'max_attempts', 'window'],
  'services.*.deploy.placement.preferences.*': ['spread'],
  'services.*.deploy.resources.reservations.generic_resources.*': ['discrete_resource_spec'],
  'services.*.deploy.placement': ['constraints', 'preferences', 'max_replicas_per_node'],
  'services.*.develop': ['watch'],
  'services.*.develop.watch.*': ['path', 'action', 'target', 'exec', 'include', 'ignore', 'initial_sync'],
  'services.*.develop.watch.*.exec': hook,
  'services.*.devices.*': ['source', 'target', 'permissions'],
  'services.*.env_file.*': ['path', 'required', 'format'],
  'services.*.extends': ['file', 'service'],
  'services.*.gpus.*': request,
  'services.*.healthcheck': ['test', 'timeout', 'interval', 'retries', 'start_period', 'start_interval', 'disable'],
  'services.*.logging': ['driver', 'options'],
  'services.*.models.*': ['endpoint_var', 'model_var'],
  'services.*.networks.*': [
    ...['aliases', 'driver_opts', 'gw_priority', 'interface_name', 'ipv4_address', 'ipv6_address', 'link_local_ips'],
    ...['mac_address', 'priority'],
  ],
  'services.*.ports.*': ['name', 'mode', 'host_ip', 'target', 'published', 'protocol', 'app_protocol'],
  'services.*.provider': ['type', 'options'],
  'services.*.secrets.*': grant,
  'services.*.ulimits.*': ['soft', 'hard'],
  'services.*.volumes.*': [
    ...['type', 'source', 'target', 'read_only', 'consistency', 'bind', 'volume', 'tmpfs', 'image'],
  ],
  'services.*.volumes.*.bind': ['selinux', 'propagation', 'create_host_path', 'recursive'],
  'services.*.volumes.*.volume': ['labels', 'nocopy', 'subpath'],
  'services.*.volumes.*.image': ['subpath'],
  'services.*.volumes.*.tmpfs': ['size', 'mode'],
  'services.*.pre_start.*': hook,
  'services.*.post_start.*': hook,
  'services.*.pre_stop.*': hook,
  'networks.*': [
    ...['name', 'driver', 'driver_opts', 'ipam', 'external', 'internal', 'attachable', 'labels', 'enable_ipv4'],
    'enable_ipv6',
  ],
  'networks.*.ipam': ['driver', 'config', 'options'],
  'networks.*.ipam.config.*': ['subnet', 'gateway', 'ip_range', 'aux_addresses'],
  'volumes.*': ['name', 'driver', 'driver_opts', 'external', 'labels'],
  'secrets.*': fileObject,
  'configs.*': fileObject,
  'models.*': ['name', 'model', 'context_size', 'runtime_flags'],
});
