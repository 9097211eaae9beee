import type { RuntimeReason } from '#core/messages/runtime.ts';
import { unknownCapabilities } from './launch/capabilities.ts';
import { knownLimits } from './launch/chain.ts';
import { signalNumber } from './signals.ts';

/**
 * What a value of an attribute means here. `note` is said as information, `harmless` as a warning: the service runs as
 * written although the key does nothing. `impossible` stops before anything changes.
 */
export type Verdict =
  | { readonly kind: 'honoured' }
  | { readonly kind: 'note' | 'harmless' | 'impossible'; readonly why: RuntimeReason; readonly path?: Path };

type Path = readonly (string | number)[];
type Judge = (value: unknown) => Verdict | readonly Verdict[];

/** One attribute of a Compose service in this runtime. */
export interface Honour {
  /** For the documentation: what holds of usual values. */
  readonly usually: 'honoured' | 'harmless' | 'impossible';
  readonly judge: Judge;
}

const yes: Verdict = { kind: 'honoured' };
const honoured: Honour = { usually: 'honoured', judge: () => yes };

function harmless(why: RuntimeReason, path?: Path): Verdict {
  return { kind: 'harmless', why, ...(path === undefined ? {} : { path }) };
}

function impossible(why: RuntimeReason, path?: Path): Verdict {
  return { kind: 'impossible', why, ...(path === undefined ? {} : { path }) };
}

function always(kind: 'harmless' | 'impossible', why: RuntimeReason): Honour {
  return { usually: kind, judge: () => ({ kind, why }) };
}

/** Honoured for these values; anything else is judged by `otherwise`. */
function only(values: readonly unknown[], otherwise: Verdict): Honour {
  return { usually: 'honoured', judge: (value) => (values.includes(value) ? yes : otherwise) };
}

function partly(judge: Judge): Honour {
  return { usually: 'honoured', judge };
}

/** Each key of an object by its own rule; keys without a rule by `rest`. */
function keys(rules: Readonly<Record<string, Honour>>, rest: Verdict): Honour {
  return partly((value) =>
    Object.entries(recordOf(value)).flatMap(([key, inner]) => {
      const verdicts = [(rules[key]?.judge ?? (() => rest))(inner)].flat();
      return verdicts.map((one) => (one.kind === 'honoured' ? one : { ...one, path: [key, ...(one.path ?? [])] }));
    }),
  );
}

/** Each element of a list. */
function each(judge: Judge): Honour {
  return partly((value) =>
    listOf(value).flatMap((item, index) =>
      [judge(item)]
        .flat()
        .map((one) => (one.kind === 'honoured' ? one : { ...one, path: [index, ...(one.path ?? [])] })),
    ),
  );
}

const resources = keys(
  {
    limits: keys({ cpus: honoured, memory: honoured, pids: honoured }, impossible('limit')),
    reservations: keys({ memory: honoured, cpus: always('harmless', 'one-machine') }, harmless('devices')),
  },
  impossible('limit'),
);

const deploy = keys(
  {
    mode: partly((value) =>
      value === 'replicated' ? yes : value === 'global' ? harmless('one-machine') : impossible('jobs'),
    ),
    replicas: honoured,
    labels: honoured,
    update_config: honoured,
    rollback_config: honoured,
    restart_policy: honoured,
    resources,
    placement: always('harmless', 'one-machine'),
    endpoint_mode: always('harmless', 'proxy'),
  },
  harmless('one-machine'),
);

const attachment = keys({ aliases: honoured }, harmless('shared-network'));

const networks = partly((value) =>
  Object.entries(recordOf(value)).flatMap(([name, inner]): Verdict[] => {
    const verdicts = inner === null ? [] : [attachment.judge(inner)].flat();
    const inside = verdicts
      .filter((one) => one.kind !== 'honoured')
      .map((one) => ({ ...one, path: [name, ...(one.path ?? [])] }));
    return name === 'default' ? inside : [{ kind: 'note', why: 'shared-network', path: [name] }, ...inside];
  }),
);

const mountOptions = keys(
  {
    type: honoured,
    source: honoured,
    target: honoured,
    read_only: honoured,
    consistency: honoured,
    // A missing source is never made, whatever it says: an error with its place.
    bind: keys({ create_host_path: honoured }, harmless('mount-option')),
    volume: keys({ subpath: honoured, nocopy: honoured }, harmless('mount-option')),
    tmpfs: keys({ size: honoured, mode: honoured }, harmless('mount-option')),
  },
  impossible('mount-type'),
);

const volumes = each((item) => {
  const { type, target } = recordOf(item);
  if (target === '/') return impossible('whole-root');
  return ['bind', 'volume', 'tmpfs'].includes(String(type)) ? mountOptions.judge(item) : impossible('mount-type');
});

const devices = each((item) => {
  const { source } = recordOf(item);
  return String(source).startsWith('/') ? yes : impossible('devices');
});

const stopSignal = partly((value) => (signalNumber(String(value)) === undefined ? impossible('signal') : yes));

const logging = keys(
  {
    driver: only(['json-file', 'local', 'none', ''], harmless('logs')),
    options: keys({ 'max-size': honoured, 'max-file': honoured }, harmless('logs')),
  },
  harmless('logs'),
);

const securityOptions = each((item) =>
  /^(no-new-privileges([:=](true|false))?|(seccomp|apparmor)[:=]unconfined|label[:=]disable)$/.test(String(item))
    ? yes
    : impossible('confinement'),
);

const limitNames = keys(Object.fromEntries([...knownLimits].map((name) => [name, honoured])), impossible('limit'));

const capabilities = partly((value) => (unknownCapabilities(value).length === 0 ? yes : impossible('capability')));

const build = keys(
  { context: honoured, dockerfile: honoured, dockerfile_inline: honoured, target: honoured },
  harmless('no-image'),
);

const architecture: Readonly<Record<string, string>> = { x64: 'amd64', arm64: 'arm64' };
const machinePlatform = `linux/${architecture[process.arch] ?? process.arch}`;

/** Every attribute of a service in the Compose specification. A test compares it with the specification's list. */
export const honours: Readonly<Record<string, Honour>> = {
  annotations: always('harmless', 'metadata'),
  attach: always('harmless', 'terminal'),
  blkio_config: always('impossible', 'limit'),
  build,
  cap_add: capabilities,
  cap_drop: capabilities,
  cgroup: only(['host'], harmless('shared-kernel')),
  cgroup_parent: always('impossible', 'limit'),
  command: honoured,
  configs: honoured,
  container_name: always('harmless', 'names'),
  cpu_count: always('impossible', 'windows'),
  cpu_percent: always('impossible', 'windows'),
  cpu_period: honoured,
  cpu_quota: honoured,
  cpu_rt_period: always('impossible', 'limit'),
  cpu_rt_runtime: always('impossible', 'limit'),
  cpu_shares: honoured,
  cpus: honoured,
  cpuset: honoured,
  credential_spec: always('impossible', 'windows'),
  depends_on: honoured,
  deploy,
  develop: always('harmless', 'development'),
  device_cgroup_rules: always('harmless', 'devices'),
  devices,
  dns: honoured,
  dns_opt: honoured,
  dns_search: honoured,
  domainname: honoured,
  entrypoint: honoured,
  env_file: honoured,
  environment: honoured,
  expose: honoured,
  extends: honoured,
  external_links: always('impossible', 'containers'),
  extra_hosts: honoured,
  gpus: always('harmless', 'devices'),
  group_add: honoured,
  healthcheck: honoured,
  hostname: honoured,
  image: honoured,
  init: honoured,
  ipc: only(['host'], harmless('shared-kernel')),
  isolation: only(['default'], impossible('windows')),
  label_file: honoured,
  labels: honoured,
  links: honoured,
  logging,
  mac_address: always('impossible', 'shared-network'),
  mem_limit: honoured,
  mem_reservation: honoured,
  mem_swappiness: honoured,
  memswap_limit: honoured,
  models: always('impossible', 'models'),
  network_mode: only(['host', 'bridge', 'default'], impossible('shared-network')),
  networks,
  oom_kill_disable: only([false], impossible('limit')),
  oom_score_adj: honoured,
  pid: only(['host'], impossible('shared-kernel')),
  pids_limit: honoured,
  platform: partly((value) => (String(value).startsWith(machinePlatform) ? yes : impossible('platform'))),
  ports: honoured,
  post_start: always('impossible', 'hooks'),
  pre_start: always('impossible', 'hooks'),
  pre_stop: always('impossible', 'hooks'),
  privileged: honoured,
  profiles: honoured,
  provider: always('impossible', 'models'),
  pull_policy: always('harmless', 'no-image'),
  pull_refresh_after: always('harmless', 'no-image'),
  read_only: honoured,
  restart: honoured,
  runtime: only(['runc'], impossible('containers')),
  scale: honoured,
  secrets: honoured,
  security_opt: securityOptions,
  shm_size: honoured,
  stdin_open: always('harmless', 'terminal'),
  stop_grace_period: honoured,
  stop_signal: stopSignal,
  storage_opt: always('impossible', 'containers'),
  sysctls: always('impossible', 'shared-kernel'),
  tmpfs: honoured,
  tty: always('harmless', 'terminal'),
  ulimits: limitNames,
  use_api_socket: always('impossible', 'containers'),
  user: honoured,
  userns_mode: only(['host'], impossible('shared-kernel')),
  uts: only(['host'], impossible('shared-kernel')),
  volumes,
  volumes_from: always('impossible', 'containers'),
  working_dir: honoured,
};

function recordOf(value: unknown): Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Record<string, unknown>) : {};
}

function listOf(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}
