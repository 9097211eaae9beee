import assert from 'node:assert/strict';
import { test } from 'node:test';
import { aimAtSelf } from './self-address.ts';

const self = { address: '127.9.0.1', ports: [5000, 80], sharesMachine: false };

const cases: readonly (readonly [string, string])[] = [
  ['curl -f http://localhost:5000/api/v1/health || exit 1', 'curl -f http://127.9.0.1:5000/api/v1/health || exit 1'],
  ['curl -f http://127.0.0.1:5000', 'curl -f http://127.9.0.1:5000'],
  ['curl -g http://[::1]:5000/', 'curl -g http://127.9.0.1:5000/'],
  ['wget -qO- 0.0.0.0:80/up', 'wget -qO- 127.9.0.1:80/up'],
  ['nc -z 127.0.0.1 5000', 'nc -z 127.9.0.1 5000'],
  ['check --host=127.0.0.1 --port=5000', 'check --host=127.9.0.1 --port=5000'],
  // Somebody else's port, a longer port, a longer name: not ourselves.
  ['curl http://localhost:50001/', 'curl http://localhost:50001/'],
  ['curl http://localhost:6379', 'curl http://localhost:6379'],
  ['curl http://mylocalhost:5000', 'curl http://mylocalhost:5000'],
  ['curl http://my.localhost:5000', 'curl http://my.localhost:5000'],
  ['nc -z 127.0.0.1 6379', 'nc -z 127.0.0.1 6379'],
  ['nc -z 127.0.0.12 5000', 'nc -z 127.0.0.12 5000'],
  ['curl http://db:5000', 'curl http://db:5000'],
];

for (const [written, aimed] of cases) {
  test(written, () => {
    assert.deepEqual(aimAtSelf(['sh', '-c', written], self), ['sh', '-c', aimed]);
    assert.deepEqual(aimAtSelf(written.split(' '), self), aimed.split(' '));
  });
}

test("on the machine's own network, localhost is the machine", () => {
  const command = ['curl', 'http://localhost:5000'];
  assert.deepEqual(aimAtSelf(command, { ...self, sharesMachine: true }), command);
  assert.deepEqual(aimAtSelf(command, { ...self, ports: [] }), command);
});
