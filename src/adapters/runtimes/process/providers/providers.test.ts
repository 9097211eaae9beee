import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Service } from '#model/project.ts';
import { specOf } from '../../../../../test/support/process-stage.ts';
import { providerOf } from './index.ts';
import { missingPackages } from './installed.ts';
import { postgres } from './postgres.ts';
import { majorOf, type Provider, parseImage } from './provider.ts';
import { redis } from './redis.ts';

test('images are taken apart', () => {
  assert.deepEqual(parseImage('postgres'), { name: 'postgres', tag: 'latest' });
  assert.deepEqual(parseImage('docker.io/library/redis:7-alpine'), { name: 'redis', tag: '7-alpine' });
  assert.deepEqual(parseImage('localhost:5000/redis'), { name: 'localhost:5000/redis', tag: 'latest' });
  assert.deepEqual(parseImage('redis:7@sha256:0123'), { name: 'redis', tag: '7' });
  assert.equal(majorOf('16-alpine'), 16);
  assert.equal(majorOf('latest'), undefined);
});

test('only the images themselves are stood in for', () => {
  const cases: readonly (readonly [string | undefined, string | undefined])[] = [
    ['postgres:14', 'postgres'],
    ['redis', 'redis'],
    ['valkey/valkey:8', 'redis'],
    ['postgis/postgis:16', undefined],
    ['bitnami/redis:7', undefined],
    ['registry.example.org/postgres:16', undefined],
    [undefined, undefined],
  ];
  for (const [image, name] of cases) assert.equal(providerOf(image)?.name, name, String(image));
});

test('what builds or says its own command needs no server', () => {
  const services: Record<string, Service> = {
    built: { image: 'postgres:14', build: { context: '.' } },
    own: { image: 'redis', 'x-timonel': { process: { command: ['x'] } } },
    other: { image: 'nginx' },
  };
  assert.deepEqual(missingPackages(services), []);
});

function argv(provider: Provider, service: Service, mounted: readonly string[] = []): string {
  const process = { command: undefined, cwd: '.', setup: [], env: {} };
  const source = { kind: 'provider', provider: provider.name, revision: 'x 7', ports: [] } as const;
  const spec = specOf({ name: 'it', service, environment: {}, files: [], source, process });
  const start = provider.start({
    spec,
    installed: { folder: '/opt/server', version: '7.0' },
    address: '127.9.0.1',
    port: 6379,
    isMounted: (target) => mounted.includes(target),
    privateFolder: '/own',
  });
  return `${start.cwd}: ${start.argv.join(' ').replace(/-c [\s\S]*exec "\$@"\n/, '-c SCRIPT')}`;
}

const place = '--protected-mode no --bind 127.9.0.1';
const redisCases: readonly (readonly [string, Service, string])[] = [
  ['no command', {}, `/own: /opt/server/redis-server ${place}`],
  ['flags alone', { command: ['--appendonly', 'yes'] }, `/own: /opt/server/redis-server --appendonly yes ${place}`],
  [
    'the server and flags',
    { command: ['redis-server', '--save', '60', '1'] },
    `/own: /opt/server/redis-server --save 60 1 ${place}`,
  ],
  [
    'a configuration file',
    { command: ['redis-server', '/etc/redis.conf'] },
    `/own: /opt/server/redis-server /etc/redis.conf ${place}`,
  ],
  [
    'its own protected mode',
    { command: ['redis-server', '--protected-mode', 'yes'] },
    '/own: /opt/server/redis-server --protected-mode yes --bind 127.9.0.1',
  ],
  [
    'a shell line',
    { command: ['sh', '-c', 'redis-server --requirepass "$P"'] },
    '/own: sh -c redis-server --requirepass "$P"',
  ],
];
for (const [name, service, expected] of redisCases) {
  test(`redis: ${name}`, () => assert.equal(argv(redis, service), expected));
}
test('redis: works in the volume', () => assert.match(argv(redis, {}, ['/data']), /^\/data: /));

test('postgres: flags come before the place, which wins', () => {
  assert.equal(
    argv(postgres, { command: ['postgres', '-c', 'max_connections=200'] }),
    '/: /bin/sh -c SCRIPT postgres /var/run/postgresql /opt/server/postgres -c max_connections=200 ' +
      '-c listen_addresses=127.9.0.1 -c port=6379 -c unix_socket_directories=/var/run/postgresql',
  );
});
