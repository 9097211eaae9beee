import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { service as serviceSection } from '#compose/schema/service.ts';
import type { Shape } from '#compose/schema/shape.ts';
import type { InstanceSpec } from '#model/instance.ts';
import type { Service } from '#model/project.ts';
import { specOf } from '../../../../test/support/process-stage.ts';
import { describeContainer } from './container/describe.ts';
import type { Joining } from './container/network-part.ts';
import { honoured } from './honoured.ts';
import { buildQuery } from './images/build.ts';
import type { BuildInput } from './source/build-source.ts';
import type { NetworkState } from './state/project-state.ts';

/** A device of a block I/O limit, and one as GPUs are asked for. */
const throttle = [{ path: '/dev/sda', rate: '1024' }];
const throttles = { '*.path': [{ path: '/dev/sdb', rate: '1024' }], '*.rate': throttle };
const gpu = { capabilities: ['gpu'], count: 1 };
const gpus = {
  'capabilities.*': [{ ...gpu, capabilities: ['compute'] }],
  count: [{ ...gpu, count: 2 }],
  'device_ids.*': [{ ...gpu, device_ids: ['1'] }],
  driver: [{ ...gpu, driver: 'nvidia' }],
  'options.*': [{ ...gpu, options: { a: 'b' } }],
};
const hook = { command: ['true'] };
const hooks = {
  command: [{ command: ['false'] }],
  'command.*': [{ command: ['true', '-v'] }],
  user: [{ ...hook, user: 'me' }],
  privileged: [{ ...hook, privileged: true }],
  working_dir: [{ ...hook, working_dir: '/x' }],
  'environment.*': [{ ...hook, environment: { A: '1' } }],
};
const bind = { type: 'bind', source: '/srv', target: '/srv' };
const volume = { type: 'volume', source: 'data', target: '/data' };
const tmpfs = { type: 'tmpfs', target: '/t' };

/** Values of attributes of a service whose effect shows in its container. A function: an attribute within others. */
const samples: Readonly<Record<string, unknown>> = {
  'annotations.*': { a: 'b' },
  ...within('blkio_config.device_read_bps', throttles, (value) => ({ blkio_config: { device_read_bps: value } })),
  ...within('blkio_config.device_read_iops', throttles, (value) => ({ blkio_config: { device_read_iops: value } })),
  ...within('blkio_config.device_write_bps', throttles, (value) => ({ blkio_config: { device_write_bps: value } })),
  ...within('blkio_config.device_write_iops', throttles, (value) => ({ blkio_config: { device_write_iops: value } })),
  'blkio_config.weight': () => ({ blkio_config: { weight: 300 } }),
  'blkio_config.weight_device.*.path': () => ({ blkio_config: { weight_device: [{ path: '/dev/sda', weight: 1 }] } }),
  'blkio_config.weight_device.*.weight': () => ({ blkio_config: { weight_device: [{ path: '/dev/sda', weight: 2 }] } }),
  'cap_add.*': ['NET_ADMIN'],
  'cap_drop.*': ['ALL'],
  cgroup: 'private',
  cgroup_parent: '/x',
  command: ['run'],
  'command.*': ['run', 'it'],
  container_name: 'front',
  cpu_period: 1000,
  cpu_quota: 500,
  cpu_rt_period: '1000',
  cpu_rt_runtime: '500',
  cpu_shares: 10,
  cpus: 0.5,
  cpuset: '0',
  'deploy.resources.limits.cpus': () => ({ deploy: { resources: { limits: { cpus: 1 } } } }),
  'deploy.resources.limits.memory': () => ({ deploy: { resources: { limits: { memory: '1024' } } } }),
  'deploy.resources.limits.pids': () => ({ deploy: { resources: { limits: { pids: 5 } } } }),
  'deploy.resources.reservations.memory': () => ({ deploy: { resources: { reservations: { memory: '1024' } } } }),
  ...within('deploy.resources.reservations.devices.*', gpus, (devices) => ({
    deploy: { resources: { reservations: { devices } } },
  })),
  'device_cgroup_rules.*': ['c 1:3 mr'],
  'devices.*': [{ source: '/dev/fuse', target: '/dev/fuse', permissions: 'rw' }],
  'devices.*.source': [{ source: '/dev/null' }],
  'devices.*.target': [{ source: '/dev/null', target: '/dev/x' }],
  'devices.*.permissions': [{ source: '/dev/null', permissions: 'r' }],
  dns: ['1.1.1.1'],
  'dns.*': ['1.1.1.1', '8.8.8.8'],
  'dns_opt.*': ['ndots:1'],
  dns_search: ['a.org'],
  'dns_search.*': ['a.org', 'b.org'],
  domainname: 'a.org',
  entrypoint: ['sh'],
  'entrypoint.*': ['sh', '-c'],
  'external_links.*': ['other:alias'],
  'extra_hosts.*': ['db=10.0.0.1'],
  'extra_hosts.*.*': ['db=10.0.0.1', 'db=10.0.0.2'],
  gpus: 'all',
  ...within('gpus.*', gpus, (value) => ({ gpus: value })),
  'group_add.*': ['44'],
  'healthcheck.disable': () => ({ healthcheck: { disable: true } }),
  'healthcheck.interval': () => ({ healthcheck: { interval: '1s' } }),
  'healthcheck.retries': () => ({ healthcheck: { retries: 2 } }),
  'healthcheck.start_interval': () => ({ healthcheck: { start_interval: '1s' } }),
  'healthcheck.start_period': () => ({ healthcheck: { start_period: '1s' } }),
  'healthcheck.test': () => ({ healthcheck: { test: ['NONE'] } }),
  'healthcheck.test.*': () => ({ healthcheck: { test: ['CMD', 'true'] } }),
  'healthcheck.timeout': () => ({ healthcheck: { timeout: '1s' } }),
  hostname: 'front',
  init: true,
  ipc: 'host',
  'labels.*': { a: 'b' },
  'links.*': ['cache:redis'],
  'logging.driver': () => ({ logging: { driver: 'local' } }),
  'logging.options.*': () => ({ logging: { driver: 'local', options: { 'max-size': '1m' } } }),
  mac_address: '02:42:ac:11:00:09',
  mem_limit: '1024',
  mem_reservation: '1024',
  mem_swappiness: '10',
  memswap_limit: '1024',
  network_mode: 'host',
  'networks.*.aliases.*': attached({ aliases: ['front'] }),
  'networks.*.driver_opts.*': attached({ driver_opts: { a: 'b' } }),
  'networks.*.gw_priority': attached({ gw_priority: 5 }),
  'networks.*.ipv4_address': attached({ ipv4_address: '10.9.0.7' }),
  'networks.*.ipv6_address': attached({ ipv6_address: 'fd00::7' }),
  'networks.*.link_local_ips.*': attached({ link_local_ips: ['169.254.1.1'] }),
  'networks.*.mac_address': attached({ mac_address: '02:42:ac:11:00:09' }),
  oom_kill_disable: true,
  oom_score_adj: '5',
  pid: 'host',
  pids_limit: 5,
  ...within('post_start.*', hooks, (value) => ({ post_start: value })),
  ...within('pre_stop.*', hooks, (value) => ({ pre_stop: value })),
  privileged: true,
  read_only: true,
  runtime: 'runc',
  shm_size: '1024',
  stdin_open: true,
  'storage_opt.*': { size: '1G' },
  'sysctls.*': { 'net.core.somaxconn': 5 },
  tmpfs: ['/run'],
  'tmpfs.*': ['/run', '/tmp:size=1m'],
  tty: true,
  'ulimits.*': { nproc: 5 },
  'ulimits.*.soft': { nofile: { soft: 1, hard: 3 } },
  'ulimits.*.hard': { nofile: { soft: 1, hard: 2 } },
  user: '1000',
  userns_mode: 'host',
  uts: 'host',
  'volumes.*.type': mounted(tmpfs),
  'volumes.*.source': mounted(volume),
  'volumes.*.target': mounted(bind),
  'volumes.*.read_only': mounted({ ...bind, read_only: true }),
  'volumes.*.consistency': mounted({ ...bind, consistency: 'cached' }),
  'volumes.*.bind.propagation': mounted({ ...bind, bind: { propagation: 'rslave' } }),
  'volumes.*.bind.recursive': mounted({ ...bind, bind: { recursive: 'disabled' } }),
  'volumes.*.bind.selinux': mounted({ ...bind, bind: { selinux: 'z' } }),
  'volumes.*.volume.labels.*': mounted({ ...volume, volume: { labels: { a: 'b' } } }),
  'volumes.*.volume.nocopy': mounted({ ...volume, volume: { nocopy: true } }),
  'volumes.*.volume.subpath': mounted({ ...volume, volume: { subpath: 'a' } }),
  'volumes.*.tmpfs.size': mounted({ ...tmpfs, tmpfs: { size: '4096' } }),
  'volumes.*.tmpfs.mode': mounted({ ...tmpfs, tmpfs: { mode: 511 } }),
  'volumes.*.image.subpath': mounted({ type: 'image', source: 'a', target: '/a', image: { subpath: 'x' } }),
  working_dir: '/app',
};

/** Values of attributes of `build` whose effect shows in what the builder is asked. */
const buildSamples: Readonly<Record<string, unknown>> = {
  'args.*': { A: '1' },
  'cache_from.*': ['a'],
  'extra_hosts.*': ['db=10.0.0.1'],
  'extra_hosts.*.*': ['db=10.0.0.1', 'db=10.0.0.2'],
  'labels.*': { a: 'b' },
  network: 'host',
  no_cache: true,
  'platforms.*': ['linux/arm64'],
  pull: true,
  shm_size: '1024',
  target: 'prod',
  'ulimits.*': { nproc: 5 },
  'ulimits.*.soft': { nofile: { soft: 1, hard: 3 } },
  'ulimits.*.hard': { nofile: { soft: 1, hard: 2 } },
};

/** Attributes whose effect another test shows: the file, and a phrase of it. */
const elsewhere: Readonly<Record<string, readonly [file: string, phrase: string]>> = {
  'build.context': ['test/integration/docker-images.test.ts', 'a build sees its arguments'],
  'build.dockerfile': ['test/integration/docker-images.test.ts', 'Dockerfile:'],
  'build.dockerfile_inline': ['test/integration/docker-images.test.ts', 'dockerfile_inline'],
  'environment.*': ['test/integration/docker-model.test.ts', 'environment'],
  image: ['test/integration/docker-images.test.ts', 'a tag is pinned to its digest'],
  'networks.*.priority': ['test/integration/docker-network.test.ts', 'networks'],
  platform: ['src/adapters/runtimes/docker/container/start.ts', 'platform: instance.spec.service.platform'],
  pull_policy: ['test/integration/docker-images.test.ts', 'unless the file wants the registry'],
  'security_opt.*': ['src/adapters/runtimes/docker/container/describe.test.ts', 'no-new-privileges'],
  stop_grace_period: ['src/settings/life.test.ts', 'stop_grace_period'],
  stop_signal: ['src/settings/life.test.ts', 'stop_signal'],
  // A missing source is an error whatever this says: never an empty folder in place of a file.
  'volumes.*.bind.create_host_path': ['src/adapters/runtimes/docker/check.test.ts', 'create_host_path: true'],
  'volumes_from.*': ['test/integration/docker-model.test.ts', 'volumes_from'],
};

test('every attribute that counts as honoured shows in the container, in the build, or in a named test', () => {
  const paths = [...new Set(leavesOf({ kind: 'section', section: serviceSection }, ''))].filter(isHonoured);
  assert.ok(paths.length > 150, `${paths.length} attributes`);
  for (const path of paths) {
    const named = elsewhere[path];
    if (named !== undefined) {
      const content = readFileSync(new URL(`../../../../${named[0]}`, import.meta.url), 'utf8');
      assert.ok(content.includes(named[1]), `${named[0]} shows ${path} no more`);
    } else if (path.startsWith('build.')) assertBuilds(path.slice('build.'.length));
    else assertShows(path);
  }
  const stale = [...Object.keys(samples), ...Object.keys(elsewhere)].filter((path) => !paths.includes(path));
  assert.deepEqual(stale, [], 'samples of attributes that are not honoured');
});

function assertShows(path: string): void {
  assert.ok(path in samples, `${path} counts as honoured, and nothing shows it`);
  const sample = samples[path];
  const service =
    typeof sample === 'function' ? (sample() as Service) : ({ [path.split('.')[0] ?? '']: sample } as Service);
  assert.notDeepEqual(described(service), described({}), `${path} changes nothing`);
}

function assertBuilds(path: string): void {
  assert.ok(path in buildSamples, `build.${path} counts as honoured, and nothing shows it`);
  const build = { [path.split('.')[0] ?? '']: buildSamples[path] };
  assert.notDeepEqual(query({ build }), query({ build: {} }), `build.${path} changes nothing`);
}

function query(service: Service): unknown {
  const input = { dockerfile: { inContext: 'Dockerfile' } } as BuildInput;
  const rest = { name: 'web', project: 'shop', tag: 'a', builder: 'classic', memory: 1 } as const;
  const silent = { progress: () => undefined, onSteps: async () => undefined, signal: new AbortController().signal };
  return buildQuery({ input, service, ...rest, ...silent });
}

function described(service: Service): unknown {
  const process = { command: undefined, cwd: '.', setup: [], env: {} };
  const source = { kind: 'image', reference: 'a', revision: 'sha256:abc', ports: [] } as const;
  const spec = specOf({ name: 'web', service, environment: {}, files: [], source, process });
  const around = { directory: '/srv', hosts: { cache: '198.18.0.5' }, volumes: {} };
  const instance: InstanceSpec = { id: 'web-r1-1', project: 'shop', service: 'web', release: 1, spec, ...around };
  const nothing = { granted: [], inherited: {}, security: [], modes: {}, volumesFrom: [] };
  const joining: readonly Joining[] = [{ network, attachment: service.networks?.default ?? {}, address: undefined }];
  const facts = { home: 'h', image: 'a', joining, address: undefined, presence: 'instance', ...nothing } as const;
  return describeContainer(instance, facts);
}

const network: NetworkState = {
  ...{ name: 'n', id: 'n', external: false, internal: false, driver: 'bridge', subnets: [] },
  ...{ instanceRange: undefined, serviceRange: undefined },
};

function leavesOf(shape: Shape, path: string): readonly string[] {
  const at = (key: string) => (path === '' ? key : `${path}.${key}`);
  switch (shape.kind) {
    case 'section':
      return Object.entries(shape.section.fields).flatMap(([key, field]) => leavesOf(field.takes, at(key)));
    case 'list':
      return leavesOf(shape.items, at('*'));
    case 'dictionary':
      return leavesOf(shape.values, at('*'));
    case 'either':
      return shape.shapes.flatMap((one) => leavesOf(one, path));
    default:
      return [path];
  }
}

/** By the nearest entry of the table that is no list of parts. */
function isHonoured(path: string): boolean {
  for (let at = path; at !== ''; at = at.slice(0, Math.max(0, at.lastIndexOf('.')))) {
    const treatment = honoured[at];
    if (treatment !== undefined && treatment !== 'parts') return treatment === 'honoured';
  }
  return false;
}

function within(
  path: string,
  members: Readonly<Record<string, unknown>>,
  place: (value: unknown) => object,
): Record<string, unknown> {
  return Object.fromEntries(Object.entries(members).map(([key, value]) => [`${path}.${key}`, () => place(value)]));
}

function attached(attachment: object): () => object {
  return () => ({ networks: { default: attachment } });
}

function mounted(mount: object): () => object {
  return () => ({ volumes: [mount] });
}
