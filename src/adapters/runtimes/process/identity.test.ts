import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { test } from 'node:test';
import { bootId, identify, isAlive, parseStat } from './identity.ts';

test("a program's name may hold brackets, spaces and digits", () => {
  const after = Array.from({ length: 50 }, (_, index) => String(index + 4)).join(' ');
  const stat = parseStat(`4711 (a) b (1 2) S ${after}`);
  assert.deepEqual(stat, { pid: 4711, state: 'S', group: 5, session: 6, start: '22' });
});

test('a process is itself, and not whoever has its number later', async () => {
  const child = spawn('sleep', ['60']);
  try {
    const identity = identify(child.pid ?? 0);
    assert.ok(identity !== undefined && isAlive(identity));
    assert.equal(isAlive({ ...identity, start: `${identity.start}1` }), false, 'another start time');
    assert.equal(isAlive({ ...identity, boot: 'another-boot' }), false, 'before a reboot');
    child.kill('SIGKILL');
    await once(child, 'exit');
    assert.equal(isAlive(identity), false);
  } finally {
    child.kill('SIGKILL');
  }
});

test('the boot has a name', () => assert.match(bootId(), /^[0-9a-f-]{36}$/));
