import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Finding } from '#core/finding.ts';
import { say, sayHint } from '#core/messages/say.ts';
import type { Service } from '#model/project.ts';
import type { Source } from '#model/spec.ts';
import { specOf } from '../../../../test/support/process-stage.ts';
import { checkSpec } from './check.ts';
import { honours } from './honoured.ts';
import type { Abilities } from './launch/abilities.ts';

/** The service attributes of the Compose specification's schema. */
const attributes = `annotations attach blkio_config build cap_add cap_drop cgroup cgroup_parent command configs
  container_name cpu_count cpu_percent cpu_period cpu_quota cpu_rt_period cpu_rt_runtime cpu_shares cpus cpuset
  credential_spec depends_on deploy develop device_cgroup_rules devices dns dns_opt dns_search domainname entrypoint
  env_file environment expose extends external_links extra_hosts gpus group_add healthcheck hostname image init ipc
  isolation label_file labels links logging mac_address mem_limit mem_reservation mem_swappiness memswap_limit models
  network_mode networks oom_kill_disable oom_score_adj pid pids_limit platform ports post_start pre_start pre_stop
  privileged profiles provider pull_policy pull_refresh_after read_only restart runtime scale secrets security_opt
  shm_size stdin_open stop_grace_period stop_signal storage_opt sysctls tmpfs tty ulimits use_api_socket user
  userns_mode uts volumes volumes_from working_dir`.split(/\s+/);

test('every attribute of the specification has its answer', () => {
  assert.deepEqual(Object.keys(honours).toSorted(), attributes.toSorted());
});

const root: Abilities = { root: true, namespaces: 'root', overlay: true, capabilities: new Set() };
const hierarchies = {
  unified: undefined,
  legacy: new Map([
    ['memory', '/m'],
    ['cpu', '/c'],
    ['pids', '/p'],
  ]),
};
const tree: Source = { kind: 'tree', context: '/x', revision: 'r', ports: [] };

interface Wishes {
  readonly abilities?: Abilities;
  readonly source?: Source;
  readonly limits?: 'none';
  readonly environment?: Readonly<Record<string, string>>;
}

function check(service: Service, { abilities = root, source = tree, limits, environment = {} }: Wishes = {}): string[] {
  const process = { command: ['run'], cwd: '.', setup: [], env: {} };
  const spec = specOf({ name: 'web', service, environment, files: [], source, process });
  const findings = checkSpec(spec, {
    abilities,
    hierarchies: limits === 'none' ? { unified: undefined, legacy: new Map() } : hierarchies,
    locate: (path) => ({ file: 'compose.yaml', line: path.length, column: 1, path: path.join('.') }),
  });
  for (const { said } of findings) {
    for (const language of ['en', 'es'] as const) assert.ok(say(said, language).length > 10, said.code);
    if (said.code !== 'RUNTIME_KEY_HARMLESS') assert.ok((sayHint(said, 'en') ?? '') !== '', `${said.code} has a hint`);
  }
  return findings.map(short);
}

function short({ severity, said, at }: Finding): string {
  const why = typeof said.facts.why === 'string' ? ` (${said.facts.why})` : '';
  return `${severity} ${said.code} ${at?.path ?? '?'}${why}`;
}

test('an ordinary service has nothing to remark', () => {
  const service: Service = {
    image: 'gestion-documentos:v1.0.1',
    build: { context: '.', dockerfile: 'Dockerfile' },
    command: ['node', 'x'],
    environment: { A: '1' },
    ports: [{ target: 80 }],
    deploy: {
      replicas: 2,
      resources: { limits: { cpus: 1, memory: '1' } },
      restart_policy: { condition: 'on-failure' },
    },
    networks: { default: null },
    labels: { a: 'b' },
    healthcheck: { test: ['CMD', 'true'] },
    volumes: [{ type: 'volume', source: 'data', target: '/data' }],
    tty: false,
    init: true,
    logging: { driver: 'json-file', options: { 'max-size': '1m' } },
    ulimits: { nofile: 100 },
    'x-timonel': {},
  };
  assert.deepEqual(check(service), []);
});

test('what does nothing is said, with its place', () => {
  const service: Service = {
    container_name: 'web',
    tty: true,
    pull_policy: 'always',
    build: { context: '.', args: { A: '1' } },
    networks: { carlosred: { aliases: ['a'], ipv4_address: '10.0.0.1' } },
    deploy: { placement: { constraints: ['x'] } },
    logging: { driver: 'syslog' },
  };
  assert.deepEqual(check(service), [
    'warning RUNTIME_KEY_HARMLESS services.web.container_name (names)',
    'warning RUNTIME_KEY_HARMLESS services.web.tty (terminal)',
    'warning RUNTIME_KEY_HARMLESS services.web.pull_policy (no-image)',
    'warning RUNTIME_KEY_HARMLESS services.web.build.args (no-image)',
    'info RUNTIME_KEY_HARMLESS services.web.networks.carlosred (shared-network)',
    'warning RUNTIME_KEY_HARMLESS services.web.networks.carlosred.ipv4_address (shared-network)',
    'warning RUNTIME_KEY_HARMLESS services.web.deploy.placement (one-machine)',
    'warning RUNTIME_KEY_HARMLESS services.web.logging.driver (logs)',
  ]);
});

test('what cannot be honoured stops, with its place', () => {
  const service: Service = {
    sysctls: { a: 1 },
    network_mode: 'none',
    volumes: [
      { type: 'bind', source: '/etc', target: '/y' },
      { type: 'npipe', target: '/z' },
      { type: 'bind', source: '/not-there', target: '/' },
    ],
    security_opt: ['no-new-privileges:true', 'seccomp=profile.json'],
    cap_add: ['NOT_A_CAPABILITY'],
    stop_signal: 'SIGWHAT',
    ulimits: { nothing: 1 },
    deploy: { mode: 'replicated-job' },
    invented: 'x',
  };
  assert.deepEqual(check(service), [
    'error RUNTIME_KEY_IMPOSSIBLE services.web.sysctls (shared-kernel)',
    'error RUNTIME_KEY_IMPOSSIBLE services.web.network_mode (shared-network)',
    'error RUNTIME_KEY_IMPOSSIBLE services.web.volumes.1 (mount-type)',
    'error RUNTIME_KEY_IMPOSSIBLE services.web.volumes.2 (whole-root)',
    'error RUNTIME_KEY_IMPOSSIBLE services.web.security_opt.1 (confinement)',
    'error RUNTIME_KEY_IMPOSSIBLE services.web.cap_add (capability)',
    'error RUNTIME_KEY_IMPOSSIBLE services.web.stop_signal (signal)',
    'error RUNTIME_KEY_IMPOSSIBLE services.web.ulimits.nothing (limit)',
    'error RUNTIME_KEY_IMPOSSIBLE services.web.deploy.mode (jobs)',
    'error RUNTIME_KEY_IMPOSSIBLE services.web.invented (unknown)',
    'error RUNTIME_BIND_MISSING services.web.volumes.2.source',
  ]);
});

test('variables that no process can have are refused by name', () => {
  assert.deepEqual(check({}, { environment: { 'A=B': '', OK: '', NUL: 'a\0b' } }), [
    'error RUNTIME_ENV_NAME services.web.environment.A=B',
    'error RUNTIME_ENV_VALUE services.web.environment.NUL',
  ]);
});

test('without root, what needs it is an error and limits are a warning', () => {
  const service: Service = { user: 'app', mem_limit: '1000', volumes: [{ type: 'volume', source: 'a', target: '/a' }] };
  assert.deepEqual(check(service, { abilities: { ...root, root: false, namespaces: 'user' } }), [
    'error RUNTIME_NEEDS_ROOT services.web.user',
    'warning RUNTIME_LIMIT_UNAVAILABLE services.web.deploy',
  ]);
  assert.deepEqual(check({ ...service, user: '' }, { abilities: { ...root, root: false, namespaces: 'none' } }), [
    'error RUNTIME_NO_NAMESPACE services.web.volumes',
    'warning RUNTIME_LIMIT_UNAVAILABLE services.web.deploy',
  ]);
  assert.deepEqual(check({}, { abilities: { ...root, root: false, namespaces: 'none' } }), [
    'warning RUNTIME_NO_PRIVATE_NAMES services.web.image',
  ]);
});

test('a limit that the kernel does not offer is a warning', () => {
  assert.deepEqual(check({ cpus: 1, pids_limit: 4 }, { limits: 'none' }), [
    'warning RUNTIME_LIMIT_UNAVAILABLE services.web.deploy',
    'warning RUNTIME_LIMIT_UNAVAILABLE services.web.deploy',
  ]);
});

test('another version than the file asks for is a warning', () => {
  const source: Source = { kind: 'provider', provider: 'postgres', revision: 'postgres 15.14', ports: [5432] };
  assert.deepEqual(check({ image: 'postgres:14' }, { source }), ['warning PROVIDER_VERSION services.web.image']);
  assert.deepEqual(check({ image: 'postgres:15-alpine' }, { source }), []);
  assert.deepEqual(check({ image: 'postgres' }, { source }), []);
});
