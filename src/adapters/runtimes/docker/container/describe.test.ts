import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { InstanceSpec } from '#model/instance.ts';
import type { Service } from '#model/project.ts';
import { specOf } from '../../../../../test/support/process-stage.ts';
import type { NetworkState } from '../state/project-state.ts';
import { describeContainer, type Facts } from './describe.ts';
import type { Joining } from './network-part.ts';

function instanceOf(service: Service, parts: Partial<InstanceSpec> = {}): InstanceSpec {
  const process = { command: undefined, cwd: '.', setup: [], env: {} };
  const source = { kind: 'image', reference: 'a', revision: 'sha256:abc', ports: [] } as const;
  const spec = specOf({ name: 'web', service, environment: { A: '1' }, files: [], source, process, fingerprint: 'f1' });
  const { id = 'web-r3-2', ...rest } = parts;
  return {
    id,
    project: 'shop',
    service: 'web',
    release: 3,
    spec,
    directory: '/srv/shop',
    hosts: {},
    volumes: {},
    ...rest,
  };
}

function network(name: string): NetworkState {
  const ranges = { instanceRange: undefined, serviceRange: undefined };
  return { name, id: name, external: false, internal: false, driver: 'bridge', subnets: [], ...ranges };
}

function described(service: Service, parts: Partial<InstanceSpec> = {}, facts: Partial<Facts> = {}) {
  const joining: readonly Joining[] = [{ network: network('shop_default'), attachment: {}, address: '10.9.0.130' }];
  return describeContainer(instanceOf(service, parts), {
    home: 'h1',
    image: 'timonel/shop:abc',
    joining,
    granted: [],
    inherited: {},
    security: [],
    modes: {},
    volumesFrom: [],
    address: '10.9.0.130',
    presence: 'instance',
    ...facts,
  });
}

test('a plain service is one container with a capped log, a fixed address and nothing published', () => {
  const body = described({ image: 'a', ports: [{ target: 8000, published: '80' }], container_name: 'front' });
  assert.deepEqual(body.HostConfig, {
    Mounts: [],
    LogConfig: { Type: 'json-file', Config: { 'max-size': '10m', 'max-file': '3' } },
    NetworkMode: 'shop_default',
    RestartPolicy: { Name: 'no' },
  });
  assert.deepEqual(body.NetworkingConfig.EndpointsConfig, {
    shop_default: { Aliases: ['web', 'front'], IPAMConfig: { IPv4Address: '10.9.0.130' } },
  });
  assert.deepEqual(body.Env, ['INSTANCE_ID=web-r3-2', 'RELEASE=3', 'A=1']);
  assert.deepEqual(body.ExposedPorts, { '8000/tcp': {} });
  assert.equal(body.StopTimeout, 5);
  assert.deepEqual(body.Labels, {
    'com.docker.compose.project': 'shop',
    'com.docker.compose.service': 'web',
    'com.docker.compose.container-number': '2',
    'com.docker.compose.oneoff': 'False',
    'com.docker.compose.config-hash': 'f1',
    'com.docker.compose.project.working_dir': '/srv/shop',
    'io.timonel.home': 'h1',
    'io.timonel.project': 'shop',
    'io.timonel.service': 'web',
    'io.timonel.instance': 'web-r3-2',
    'io.timonel.release': '3',
    'io.timonel.fingerprint': 'f1',
    'io.timonel.image': 'timonel/shop:abc',
    'io.timonel.network': 'shop_default',
    'io.timonel.address': '10.9.0.130',
  });
});

test('every part of the model reaches the container', () => {
  const service: Service = {
    command: ['run', 'it'],
    entrypoint: [],
    user: '1000:1000',
    group_add: ['44'],
    working_dir: '/app',
    hostname: 'front',
    domainname: 'example.org',
    tty: true,
    stdin_open: true,
    init: true,
    privileged: true,
    read_only: true,
    cap_add: ['NET_ADMIN'],
    cap_drop: ['ALL'],
    sysctls: { 'net.core.somaxconn': 1024 },
    ulimits: { nproc: 100, nofile: { soft: 1, hard: 2 } },
    devices: [{ source: '/dev/fuse', target: '/dev/fuse', permissions: 'rw' }, { source: 'nvidia.com/gpu=0' }],
    device_cgroup_rules: ['c 1:3 mr'],
    dns: ['1.1.1.1'],
    dns_opt: ['ndots:1'],
    dns_search: ['example.org'],
    extra_hosts: ['db=10.0.0.1', 'six=fd00::1'],
    links: ['cache:redis'],
    healthcheck: { test: ['CMD', 'true'], interval: '1m30s', timeout: '500ms', retries: 4, start_period: '10s' },
    logging: { driver: 'local', options: { 'max-size': '1m' } },
    mem_limit: '67108864',
    shm_size: '1048576',
    deploy: {
      resources: {
        limits: { cpus: '0.5', memory: '134217728', pids: 50 },
        reservations: { memory: '1024', devices: [{ driver: 'nvidia', capabilities: ['gpu'], device_ids: ['1'] }] },
      },
    },
    gpus: [{ count: -1 }],
    blkio_config: { weight: 300, device_read_bps: [{ path: '/dev/sda', rate: '1024' }] },
    pid: 'host',
    ipc: 'shareable',
    uts: 'host',
    userns_mode: 'host',
    cgroup: 'private',
    cgroup_parent: '/x',
    oom_score_adj: -5,
    runtime: 'runc',
    storage_opt: { size: '1G' },
    tmpfs: ['/run', '/tmp:size=1m,mode=1777'],
    volumes: [
      { type: 'volume', source: 'data', target: '/data', volume: { nocopy: true, subpath: 'a' } },
      { type: 'bind', source: './etc', target: '/etc/x', read_only: true, bind: { propagation: 'rslave' } },
      { type: 'bind', source: '/z', target: '/z', bind: { selinux: 'z' } },
      { type: 'tmpfs', target: '/t', tmpfs: { size: '4096', mode: 511 } },
    ],
    mac_address: '02:42:ac:11:00:09',
  };
  const {
    HostConfig,
    Labels: _labels,
    NetworkingConfig: _networking,
    ...body
  } = described(
    service,
    { volumes: { data: 'shop_data' }, hosts: { cache: '198.18.0.5', db: '198.18.0.6' } },
    { security: ['no-new-privileges:true'], volumesFrom: ['other:ro'] },
  );
  assert.deepEqual(body, {
    Image: 'timonel/shop:abc',
    Cmd: ['run', 'it'],
    Entrypoint: [],
    Env: ['INSTANCE_ID=web-r3-2', 'RELEASE=3', 'A=1'],
    User: '1000:1000',
    WorkingDir: '/app',
    Hostname: 'front',
    Domainname: 'example.org',
    Tty: true,
    OpenStdin: true,
    StopSignal: 'SIGTERM',
    StopTimeout: 5,
    Healthcheck: { Test: ['CMD', 'true'], Interval: 90e9, Timeout: 5e8, Retries: 4, StartPeriod: 10e9 },
    ExposedPorts: {},
    MacAddress: '02:42:ac:11:00:09',
  });
  assert.deepEqual(HostConfig, {
    NanoCpus: 5e8,
    Memory: 134217728,
    MemoryReservation: 1024,
    PidsLimit: 50,
    CgroupParent: '/x',
    OomScoreAdj: -5,
    ShmSize: 1048576,
    StorageOpt: { size: '1G' },
    Ulimits: [
      { Name: 'nproc', Soft: 100, Hard: 100 },
      { Name: 'nofile', Soft: 1, Hard: 2 },
    ],
    DeviceRequests: [
      { Count: -1, Capabilities: [['gpu']] },
      { Driver: 'nvidia', DeviceIDs: ['1'], Capabilities: [['gpu']] },
      { Driver: 'cdi', DeviceIDs: ['nvidia.com/gpu=0'] },
    ],
    BlkioWeight: 300,
    BlkioDeviceReadBps: [{ Path: '/dev/sda', Rate: 1024 }],
    Privileged: true,
    ReadonlyRootfs: true,
    Init: true,
    CapAdd: ['NET_ADMIN'],
    CapDrop: ['ALL'],
    SecurityOpt: ['no-new-privileges:true'],
    GroupAdd: ['44'],
    Sysctls: { 'net.core.somaxconn': '1024' },
    Devices: [{ PathOnHost: '/dev/fuse', PathInContainer: '/dev/fuse', CgroupPermissions: 'rw' }],
    DeviceCgroupRules: ['c 1:3 mr'],
    UsernsMode: 'host',
    UTSMode: 'host',
    CgroupnsMode: 'private',
    Runtime: 'runc',
    Dns: ['1.1.1.1'],
    DnsOptions: ['ndots:1'],
    DnsSearch: ['example.org'],
    Mounts: [
      { Type: 'volume', Target: '/data', Source: 'shop_data', VolumeOptions: { NoCopy: true, Subpath: 'a' } },
      {
        Type: 'bind',
        Target: '/etc/x',
        ReadOnly: true,
        Source: '/srv/shop/etc',
        BindOptions: { Propagation: 'rslave' },
      },
      { Type: 'tmpfs', Target: '/t', TmpfsOptions: { SizeBytes: 4096, Mode: 511 } },
    ],
    Binds: ['/z:/z:z,rw'],
    Tmpfs: { '/run': '', '/tmp': 'size=1m,mode=1777' },
    LogConfig: { Type: 'local', Config: { 'max-size': '1m' } },
    NetworkMode: 'shop_default',
    PidMode: 'host',
    IpcMode: 'shareable',
    VolumesFrom: ['other:ro'],
    ExtraHosts: ['db:10.0.0.1', 'six:fd00::1', 'cache:198.18.0.5', 'redis:198.18.0.5'],
    RestartPolicy: { Name: 'no' },
  });
});

test('a one-off run answers to no name and takes no fixed address of the file', () => {
  const joining = [
    { network: network('n'), attachment: { ipv4_address: '10.9.0.9', aliases: ['x'] }, address: undefined },
  ];
  const body = described({}, {}, { joining, presence: 'one-off' });
  assert.deepEqual(body.NetworkingConfig.EndpointsConfig, { n: {} });
});

test('a shared network namespace has no hosts of its own', () => {
  const hosts = { cache: '198.18.0.5' };
  const shared = described(
    { network_mode: 'service:vpn' },
    { hosts },
    { joining: [], modes: { network: 'container:c1' } },
  );
  assert.equal(shared.HostConfig.NetworkMode, 'container:c1');
  assert.equal(shared.HostConfig.ExtraHosts, undefined);
  const host = described({ network_mode: 'host' }, { hosts }, { joining: [] });
  assert.deepEqual([host.HostConfig.NetworkMode, host.HostConfig.ExtraHosts], ['host', ['cache:198.18.0.5']]);
});
