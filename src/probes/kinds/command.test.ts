import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { ObservedInstance } from '#model/instance.ts';
import type { ProbeDoor } from '../kind.ts';
import { askCommand } from './command.ts';

/** A container in which commands end like this, and which answers 200 to who asks from outside. */
async function ask(command: readonly string[], result: { readonly code: number; readonly output: string }) {
  const outside: string[] = [];
  const door = {
    exec: async () => ({ ...result, signal: undefined, timedOut: false }),
    prober: {
      http: async ({ address, port, path }: { address: string; port: number; path: string }) => {
        outside.push(`${address}:${port}${path}`);
        return { kind: 'http', status: 200, body: '', location: undefined };
      },
    },
  } as unknown as ProbeDoor;
  const probe = { kind: 'command', command } as const;
  const answer = await askCommand({
    probe,
    timeoutMs: 1000,
    instance: {} as ObservedInstance,
    address: '10.0.0.2',
    door,
  });
  return { ok: answer.ok, outside };
}

const curl = ['curl', '-f', 'http://localhost:5000/health?deep=1'];
const shell = (line: string) => ['/bin/sh', '-c', line];

test('a healthcheck whose program the image lacks is asked from outside', async () => {
  const asked = { ok: true, outside: ['10.0.0.2:5000/health?deep=1'] };
  const engine = 'OCI runtime exec failed: exec: "curl": executable file not found in $PATH: unknown';
  assert.deepEqual(await ask(curl, { code: 126, output: engine }), asked);
  const noShell = 'exec: "/bin/sh": stat /bin/sh: no such file or directory: unknown';
  assert.deepEqual(await ask(shell(curl.join(' ')), { code: 127, output: noShell }), asked);
  const line = 'wget -qO- "http://127.0.0.1/ready" || exit 1';
  const told = await ask(shell(line), { code: 1, output: '/bin/sh: 1: wget: not found' });
  assert.deepEqual(told, { ok: true, outside: ['10.0.0.2:80/ready'] });
});

test('what a program itself says counts, and one that asks no address has no other way', async () => {
  assert.deepEqual(await ask(curl, { code: 22, output: 'curl: (22) 404' }), { ok: false, outside: [] });
  assert.deepEqual(await ask(curl, { code: 0, output: '' }), { ok: true, outside: [] });
  const missing = 'exec: "/probe": stat /probe: no such file or directory';
  assert.deepEqual(await ask(['/probe'], { code: 127, output: missing }), { ok: false, outside: [] });
});
