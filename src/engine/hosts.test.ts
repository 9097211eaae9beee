import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Project } from '#model/project.ts';
import type { Match, Route } from '#model/route.ts';
import { hostsFor, volumeNames } from './hosts.ts';
import { serviceUrls } from './urls.ts';

const addresses = { web: '127.9.0.1', db: '127.9.0.2', far: '127.9.0.3' };

test('an instance resolves neighbours on a shared network, by every name they have', () => {
  const model: Project = {
    name: 'shop',
    services: {
      web: { networks: { front: null, back: { aliases: ['shop.local'] } }, container_name: 'the-web' },
      db: { networks: { back: null }, hostname: 'database' },
      far: { networks: { other: null } },
      worker: { networks: { back: null } },
    },
  };
  assert.deepEqual(hostsFor(model, 'worker', addresses), {
    web: '127.9.0.1',
    'the-web': '127.9.0.1',
    'shop.local': '127.9.0.1',
    db: '127.9.0.2',
    database: '127.9.0.2',
  });
  assert.deepEqual(hostsFor(model, 'far', addresses), { far: '127.9.0.3' });
});

test('services that name no network share one', () => {
  const model: Project = { name: 'shop', services: { web: {}, db: {} } };
  assert.deepEqual(hostsFor(model, 'web', addresses), { web: '127.9.0.1', db: '127.9.0.2' });
});

test('volumes have their real names', () => {
  const model: Project = { name: 'shop', services: {}, volumes: { data: null, own: { name: 'kept' } } };
  assert.deepEqual(volumeNames(model), { data: 'shop_data', own: 'kept' });
});

const edge = { address: '0.0.0.0', httpPort: 8080, httpsPort: 443 };
const traffic = {
  endpoints: [
    { port: 80, protocol: 'http', because: 'label' },
    { port: 6379, protocol: 'tcp', because: 'well-known' },
  ],
  balance: 'roundrobin',
  address: undefined,
  members: [],
} as const;

function route(match: Match, more: Partial<Route> = {}): Route {
  const base = { name: 'r', project: 'shop', service: 'web', port: 80, priority: 1 } as const;
  return { ...base, entries: ['http'], tls: { kind: 'none' }, match, ...more };
}

test('URLs are what a user types', () => {
  const host: Match = { kind: 'host', name: 'a.test' };
  const below: Match = { kind: 'all', of: [host, { kind: 'path-prefix', prefix: '/api' }] };
  const routes = [route(host), route(below, { tls: { kind: 'self-signed' } }), route({ kind: 'path', path: '/x' })];
  const published = [
    { address: undefined, port: 8000, target: 80 },
    { address: '127.0.0.1', port: 6379, target: 6379 },
  ];
  assert.deepEqual(serviceUrls({ ...traffic, exposure: { routes, published } }, edge), [
    'http://a.test:8080/',
    'https://a.test/api',
    'http://localhost:8080/x',
    'http://localhost:8000/',
    'tcp://127.0.0.1:6379',
  ]);
});
