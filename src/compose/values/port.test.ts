import assert from 'node:assert/strict';
import test from 'node:test';
import { parsePort } from './port.ts';

/** Ports as one line of text each: `ip published target protocol`. */
const render = (spec: string): string[] =>
  parsePort(spec).map((port) => `${port.host_ip ?? '-'} ${port.published ?? '-'} ${port.target} ${port.protocol}`);

const cases: readonly (readonly [spec: string, ports: readonly string[]])[] = [
  ['80', ['- - 80 tcp']],
  ['8080:80', ['- 8080 80 tcp']],
  [':80', ['- - 80 tcp']],
  ['53:53/UDP', ['- 53 53 udp']],
  ['80/sctp', ['- - 80 sctp']],
  ['127.0.0.1:8080:80', ['127.0.0.1 8080 80 tcp']],
  ['127.0.0.1::80', ['127.0.0.1 - 80 tcp']],
  ['[::1]:8080:80', ['::1 8080 80 tcp']],
  ['::1:8080:80', ['::1 8080 80 tcp']],
  ['8000-8002:80', ['- 8000-8002 80 tcp']],
  ['8000-8000:80', ['- 8000 80 tcp']],
  ['8000-8001:80-81/udp', ['- 8000 80 udp', '- 8001 81 udp']],
  ['0:80', ['- 0 80 tcp']],
  // The reference sorts what one text gives as text.
  ['99-101', ['- - 100 tcp', '- - 101 tcp', '- - 99 tcp']],
];

for (const [spec, ports] of cases) test(`reads ${spec}`, () => assert.deepEqual(render(spec), ports));

const refused: readonly (readonly [spec: string, code: string, mention: string])[] = [
  ['', 'COMPOSE_PORT_MISSING', '""'],
  ['80:', 'COMPOSE_PORT_MISSING', '"80:"'],
  ['tcp', 'COMPOSE_PORT_NUMBER', 'container port: tcp'],
  ['0', 'COMPOSE_PORT_NUMBER', 'container port: 0'],
  ['80:65536', 'COMPOSE_PORT_NUMBER', 'container port: 65536'],
  ['70000:80', 'COMPOSE_PORT_NUMBER', 'host port: 70000'],
  ['90-80', 'COMPOSE_PORT_NUMBER', '90-80'],
  ['1-2-3', 'COMPOSE_PORT_NUMBER', '1-2-3'],
  ['80/xyz', 'COMPOSE_PORT_PROTOCOL', 'xyz'],
  ['127.0.1:8080:80', 'COMPOSE_PORT_ADDRESS', '127.0.1'],
  ['localhost:8080:80', 'COMPOSE_PORT_ADDRESS', 'localhost'],
  ['[::1:80:80', 'COMPOSE_PORT_ADDRESS', '[::1'],
  ['8000-8001:80-82', 'COMPOSE_PORT_RANGES', 'host 8000-8001, container 80-82'],
];

for (const [spec, code, mention] of refused) {
  test(`refuses ${JSON.stringify(spec)}`, () => {
    assert.throws(() => parsePort(spec), { code, message: new RegExp(mention.replace(/[[\]().*]/g, '\\$&')) });
  });
}
