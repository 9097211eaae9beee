// biome-ignore-all lint/suspicious/noTemplateCurlyInString: these texts are templates of Compose, not of JavaScript
import assert from 'node:assert/strict';
import test from 'node:test';
import { type MountObject, parseVolume } from './volume.ts';

const cases: readonly (readonly [spec: string, mount: MountObject])[] = [
  ['/data', { type: 'volume', target: '/data', volume: {} }],
  ['/a', { type: 'volume', target: '/a' }],
  ['data:/var/lib', { type: 'volume', source: 'data', target: '/var/lib', volume: {} }],
  ['data/x:/d', { type: 'volume', source: 'data/x', target: '/d', volume: {} }],
  ['./conf:/etc/conf:ro', { type: 'bind', source: './conf', target: '/etc/conf', read_only: true, bind: {} }],
  ['~/x:/x', { type: 'bind', source: '~/x', target: '/x', bind: {} }],
  ['.:/src:ro,rw', { type: 'bind', source: '.', target: '/src', bind: {} }],
  ['data:/d:nocopy', { type: 'volume', source: 'data', target: '/d', volume: { nocopy: true } }],
  ['/a:/b:nocopy', { type: 'bind', source: '/a', target: '/b', bind: {}, volume: { nocopy: true } }],
  ['/a:/b:z,rslave', { type: 'bind', source: '/a', target: '/b', bind: { propagation: 'rslave', selinux: 'z' } }],
  ['data:/d:Z', { type: 'volume', source: 'data', target: '/d', bind: { selinux: 'Z' }, volume: {} }],
  ['data:/d:unknown', { type: 'volume', source: 'data', target: '/d', volume: {} }],
  ['C:\\a:D:\\b:ro', { type: 'bind', source: 'C:\\a', target: 'D:\\b', read_only: true, bind: {} }],
  ['v:/data', { type: 'volume', target: 'v:/data', volume: {} }],
  ['${D:-./d}:/d', { type: 'volume', source: '${D:-./d}', target: '/d', volume: {} }],
];

for (const [spec, mount] of cases) test(`reads ${spec}`, () => assert.deepEqual(parseVolume(spec), mount));

for (const [spec, code] of [
  ['', 'COMPOSE_VOLUME_EMPTY'],
  [':/d', 'COMPOSE_VOLUME_SECTION'],
  ['/a::ro', 'COMPOSE_VOLUME_SECTION'],
  ['/a:/b:', 'COMPOSE_VOLUME_SECTION'],
  ['/a:/b:ro:x', 'COMPOSE_VOLUME_COLONS'],
] as const) {
  test(`refuses ${JSON.stringify(spec)}`, () => assert.throws(() => parseVolume(spec), { code }));
}
