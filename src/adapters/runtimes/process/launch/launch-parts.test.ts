import assert from 'node:assert/strict';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import type { InstanceSpec } from '#model/instance.ts';
import type { Service } from '#model/project.ts';
import { specOf } from '../../../../../test/support/process-stage.ts';
import { layHome } from '../home.ts';
import { capabilitiesOf } from './capabilities.ts';
import { chainOf } from './chain.ts';
import { coverPoint, isBelow } from './cover.ts';
import { environmentOf } from './environment.ts';
import { extraHosts, hostsFile, resolverFile } from './hosts.ts';
import { MountPoints } from './mount-points.ts';
import { planMounts } from './mounts.ts';

const base = mkdtempSync(join(tmpdir(), 'timonel-launch-'));
after(() => rmSync(base, { recursive: true }));

function instance(service: Service, environment: Readonly<Record<string, string>> = {}): InstanceSpec {
  const process = { command: ['run'], cwd: '.', setup: [], env: {} };
  const source = { kind: 'tree', context: base, revision: 'abc', ports: [] } as const;
  const spec = specOf({ name: 'web', service, environment, files: [], source, process });
  const hosts = { db: '127.9.128.2' };
  return {
    id: 'web-r1-1',
    project: 'shop',
    service: 'web',
    release: 1,
    spec,
    directory: base,
    hosts,
    volumes: { data: 'shop_data' },
  };
}

test('hosts: itself, extra hosts, neighbours and their second names', () => {
  const service = {
    extra_hosts: ['mail=10.0.0.5', 'host.docker.internal:host-gateway', 'six=[2001:db8::1]'],
    links: ['db:database', 'db'],
    domainname: 'example.org',
  };
  const text = hostsFile({ instance: instance(service), address: '127.9.0.1', hostname: 'web-1', machine: '' });
  assert.equal(
    text,
    `127.9.0.1 localhost
::1 ip6-localhost ip6-loopback
127.9.0.1 web-1.example.org web-1
10.0.0.5 mail
127.0.0.1 host.docker.internal
2001:db8::1 six
127.9.128.2 db
127.9.128.2 database
`,
  );
});

test("hosts: on the machine's own network, localhost is the machine's", () => {
  const input = { address: '127.9.0.1', hostname: 'web-1', machine: '# x\n127.0.0.1 localhost lo\n10.0.0.1 other\n' };
  const text = hostsFile({ instance: instance({ network_mode: 'host' }), ...input });
  assert.match(text, /^127\.0\.0\.1 localhost lo\n/);
  assert.doesNotMatch(text, /127\.9\.0\.1 localhost|other/);
});

test('extra hosts that cannot be read are none', () => assert.deepEqual(extraHosts(['nonsense']), []));

test('resolv.conf only where something is set; the rest is the machine’s', () => {
  const machine = '# made by hand\nnameserver 9.9.9.9\nsearch example.org\noptions edns0\n';
  assert.equal(resolverFile({}, machine), undefined);
  assert.equal(
    resolverFile({ dns: ['1.1.1.1'], dns_search: 'a.b', dns_opt: ['ndots:2'] }, machine),
    'nameserver 1.1.1.1\nsearch a.b\noptions ndots:2\n',
  );
  assert.equal(
    resolverFile({ dns_opt: ['ndots:2'] }, machine),
    'nameserver 9.9.9.9\nsearch example.org\noptions ndots:2\n',
  );
});

test("environment: where it lives, under the file's own variables", () => {
  const input = { address: '127.9.0.1', path: '/bin', home: '/root' };
  const environment = environmentOf({ instance: instance({}, { PORT: '9', X: ' ' }), ...input });
  assert.deepEqual(environment, {
    PATH: '/bin',
    HOME: '/root',
    HOST: '127.9.0.1',
    PORT: '9',
    INSTANCE_ID: 'web-r1-1',
    RELEASE: '1',
    TIMONEL_PROJECT: 'shop',
    TIMONEL_SERVICE: 'web',
    X: ' ',
  });
  for (const [name, value, code] of [
    ['A=B', '', 'RUNTIME_ENV_NAME'],
    ['', '', 'RUNTIME_ENV_NAME'],
    ['A', 'x\0y', 'RUNTIME_ENV_VALUE'],
    ['A', 'x'.repeat(131_072), 'RUNTIME_ENV_VALUE'],
  ] as const) {
    assert.throws(() => environmentOf({ instance: instance({}, { [name]: value }), ...input }), {
      said: { code, facts: environmentFacts(name, value) },
    });
  }
});

function environmentFacts(name: string, value: string) {
  if (name !== 'A') return { name: JSON.stringify(name) };
  return { name, problem: value.includes('\0') ? 'nul' : 'long' };
}

test('capabilities as a container would have them', () => {
  const usual = capabilitiesOf({}) ?? [];
  assert.ok(usual.includes('net_bind_service') && !usual.includes('sys_admin'));
  assert.deepEqual(capabilitiesOf({ cap_drop: ['ALL'], cap_add: ['CAP_NET_BIND_SERVICE'] }), ['net_bind_service']);
  assert.ok(capabilitiesOf({ cap_add: ['SYS_ADMIN'] })?.includes('sys_admin'));
  assert.ok(!capabilitiesOf({ cap_drop: ['CHOWN'] })?.includes('chown'));
  assert.equal(capabilitiesOf({ privileged: true }), undefined);
});

test('the chain sets limits before it gives up the rights to', () => {
  const tools = { env: 'env', prlimit: 'prlimit', setpriv: 'setpriv', taskset: 'taskset' } as unknown as Parameters<
    typeof chainOf
  >[0]['tools'];
  const abilities = { root: true, namespaces: 'root', overlay: true, capabilities: new Set(['chown']) } as const;
  const service = {
    ulimits: { nofile: { soft: 10, hard: 20 }, core: -1, nonsense: 4 },
    cpuset: '0,1',
    security_opt: ['no-new-privileges:true'],
  };
  const user = { uid: 5, gid: 6, groups: [7, 8], home: '/' };
  const full = chainOf({ service, user, cwd: '/srv', tools, abilities });
  assert.equal(
    full.join(' '),
    'env --default-signal=PIPE,XFSZ --chdir=/srv -- taskset -c 0,1 prlimit --nofile=10:20 --core=unlimited:unlimited ' +
      'setpriv --bounding-set=-all,+chown --inh-caps=-all --reuid=5 --regid=6 --groups=7,8 --no-new-privs --',
  );
  const own = chainOf({
    service: {},
    user: undefined,
    cwd: '/',
    tools,
    abilities: { ...abilities, root: false, namespaces: 'user' },
  });
  assert.deepEqual(own.slice(-5), ['setpriv', '--bounding-set=-all', '--inh-caps=-all', '--ambient-caps=-all', '--']);
});

test('the cover is over the home, or over the highest folder that the user cannot pass', () => {
  const closed = join(base, 'closed');
  mkdirSync(join(closed, 'deep/home'), { recursive: true, mode: 0o755 });
  const home = join(closed, 'deep/home');
  assert.equal(coverPoint(home, undefined), home);
  // The temporary folder of this test is 0700 and ours.
  assert.equal(coverPoint(home, { uid: 4242, gid: 4242, groups: [], home: '/' }), base);
  assert.ok(isBelow('/a/b', '/a') && isBelow('/a', '/a') && isBelow('/a', '/') && !isBelow('/ab', '/a'));
});

test('mounts: parents first, inner targets made inside, code and shown folders kept, read-only last', () => {
  const home = layHome(join(base, 'home'));
  mkdirSync(join(home.root, 'volumes/shop_data'), { recursive: true });
  writeFileSync(join(base, 'app.conf'), '');
  const service: Service = {
    read_only: true,
    volumes: [
      { type: 'bind', source: join(base, 'app.conf'), target: '/data/conf/app.conf', read_only: true },
      { type: 'volume', source: 'data', target: '/data' },
      { type: 'tmpfs', target: '/cache', tmpfs: { size: 1024, mode: 0o700 } },
    ],
    tmpfs: ['/scratch:size=5m'],
    shm_size: '1048576',
  };
  const snapshot = { path: join(home.root, 'snap'), layer: '/layer' };
  const plan = planMounts({
    instance: instance(service),
    home,
    user: undefined,
    own: [],
    snapshot,
    shown: [join(home.root, 'own'), '/usr/bin'],
    stage: '/stage',
  });
  assert.deepEqual(
    plan.orders.map((order) => `${order.kind} ${'target' in order ? order.target : ''}`.trim()),
    [
      `overlay ${snapshot.path}`,
      'tmpfs /cache',
      'bind /data',
      'bind /data/conf/app.conf',
      'tmpfs /dev/shm',
      'tmpfs /scratch',
      'cover',
      'read-only',
    ],
  );
  assert.deepEqual(
    plan.points.map((point) => `${point.kind} ${point.path}`),
    ['folder /cache', 'folder /data', 'folder /dev/shm', 'folder /scratch'],
  );
  const cover = plan.orders.find((order) => order.kind === 'cover');
  assert.deepEqual(cover, {
    kind: 'cover',
    point: home.root,
    stage: '/stage',
    keep: [snapshot.path, join(home.root, 'own')],
  });
});

test('mount points are written down, shared, and taken away empty with their last user', () => {
  const made = join(base, 'points');
  mkdirSync(made);
  const book = join(base, 'book/points.json');
  const file = { path: join(made, 'run/secrets/key'), kind: 'file' } as const;
  const folder = { path: join(made, 'data'), kind: 'folder' } as const;
  const points = new MountPoints(book);
  points.ensure([file, folder], 'one');
  points.ensure([file], 'two');
  assert.ok(existsSync(file.path) && existsSync(folder.path));
  // Another process would go on from the book.
  const later = new MountPoints(book);
  later.release('one');
  assert.ok(existsSync(file.path), 'still used');
  assert.ok(!existsSync(folder.path));
  later.release('two');
  assert.deepEqual(readdirSync(made), []);
});

test('what a crash kept from being released goes at the next start', () => {
  const made = join(base, 'crashed');
  mkdirSync(made);
  const folder = (name: string) => ({ path: join(made, name), kind: 'folder' }) as const;
  const points = new MountPoints(join(base, 'book/crashed.json'));
  points.ensure([folder('kept')], 'one');
  points.ensure([folder('left')], 'two');
  new MountPoints(join(base, 'book/crashed.json')).retain(new Set(['one']));
  assert.deepEqual(readdirSync(made), ['kept']);
});

test('a mount point that was filled meanwhile, or was there before, stays', () => {
  const made = join(base, 'filled');
  mkdirSync(join(made, 'before'), { recursive: true });
  const points = new MountPoints(join(base, 'book/filled.json'));
  const folder = (name: string) => ({ path: join(made, name), kind: 'folder' }) as const;
  points.ensure([folder('before'), folder('filled')], 'one');
  writeFileSync(join(made, 'filled/precious'), 'data');
  points.release('one');
  assert.deepEqual(readdirSync(made).toSorted(), ['before', 'filled']);
  assert.deepEqual(readdirSync(join(made, 'filled')), ['precious']);
});
