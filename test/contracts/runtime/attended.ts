import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Channel } from '#core/channel.ts';
import type { CommandResult } from '#model/instance.ts';
import type { Attendant, Gesture } from '#world/attendant.ts';
import { server } from '../programs.ts';
import { instanceOf, never, type RuntimeStage, until } from '../stage.ts';

/** Tells what it is sent, on both streams, until its input ends or a signal comes. */
const echo = `process.stdin.on('data', (it) => { process.stdout.write(String(it).toUpperCase()); });
process.stdin.on('end', () => { require('fs').writeFileSync('/dev/stderr', 'over\\n'); process.exit(7); });
process.on('SIGINT', () => { console.log('interrupted'); process.exit(8); });
console.log('ready');`;

/** One-off runs that somebody sits at. */
export function attendedContract(kind: string, make: () => Promise<RuntimeStage>): void {
  const check = (name: string, act: (stage: RuntimeStage) => Promise<void>): void => {
    test(`${kind}: ${name}`, { timeout: 60_000 }, async () => {
      await using stage = await make();
      await act(stage);
    });
  };

  check('who sits at a run has its output as it comes, and their input and its end reach it', async (stage) => {
    const sitter = sit();
    const run = (await runner(stage))(['node', '-e', echo], sitter);
    await until('its first line', () => sitter.stdout() === 'ready\n');
    void sitter.gestures.put({ kind: 'input', bytes: Buffer.from('abc\n') });
    await until('its answer', () => sitter.stdout() === 'ready\nABC\n');
    void sitter.gestures.put({ kind: 'end-of-input' });
    const { code, output, timedOut } = await run;
    assert.deepEqual({ code, output, timedOut }, { code: 7, output: '', timedOut: false });
    assert.equal(sitter.stderr(), 'over\n');
    assert.equal(sitter.has, 'streams');
    assert.deepEqual(await stage.runtime.observe(stage.project.name), []);
  });

  check('their signals reach it', async (stage) => {
    const sitter = sit();
    const run = (await runner(stage))(['node', '-e', echo], sitter);
    await until('its first line', () => sitter.stdout() === 'ready\n');
    void sitter.gestures.put({ kind: 'signal', signal: 'SIGINT' });
    assert.equal((await run).code, 8);
    assert.equal(sitter.stdout(), 'ready\ninterrupted\n');
  });

  check('nothing is lost or changed on the way, however slow they read', async (stage) => {
    const sitter = sit(async () => new Promise((resolve) => setTimeout(resolve, 2)));
    const bytes = Buffer.from(Array.from({ length: 1_000_000 }, (_, index) => (index * 7919) % 251));
    const run = (await runner(stage))(['node', '-e', 'process.stdin.pipe(process.stdout)'], sitter);
    for (let at = 0; at < bytes.length; at += 60_000)
      void sitter.gestures.put({ kind: 'input', bytes: bytes.subarray(at, at + 60_000) });
    void sitter.gestures.put({ kind: 'end-of-input' });
    assert.equal((await run).code, 0);
    assert.ok(sitter.bytes('stdout').equals(bytes), `${sitter.bytes('stdout').length} bytes of ${bytes.length}`);
  });

  check('it ends with them', async (stage) => {
    const sitter = sit();
    const gone = new AbortController();
    const run = (await runner(stage))(['node', '-e', echo], sitter, gone.signal);
    await until('its first line', () => sitter.stdout() === 'ready\n');
    gone.abort(new Error('gone'));
    await assert.rejects(run, /gone/);
    assert.deepEqual(await stage.runtime.observe(stage.project.name), []);
  });
}

interface Sitter extends Attendant {
  readonly gestures: Channel<Gesture>;
  readonly has: string | undefined;
  bytes(stream: 'stdout' | 'stderr'): Buffer;
  stdout(): string;
  stderr(): string;
}

function sit(pause: () => Promise<void> = async () => undefined): Sitter {
  const taken = { stdout: [] as Uint8Array[], stderr: [] as Uint8Array[] };
  const known: { has?: string } = {};
  const bytes = (stream: 'stdout' | 'stderr'): Buffer => Buffer.concat(taken[stream]);
  return {
    terminal: undefined,
    gestures: new Channel(),
    get has() {
      return known.has;
    },
    joined: (has) => {
      known.has = has;
    },
    take: (stream, chunk) => {
      taken[stream].push(Buffer.from(chunk));
      return pause();
    },
    bytes,
    stdout: () => bytes('stdout').toString(),
    stderr: () => bytes('stderr').toString(),
  };
}

/** Runs commands beside a service, with somebody at them. */
async function runner(stage: RuntimeStage) {
  const instance = instanceOf(stage, await stage.service(server), { id: 'web-r1-run-1' });
  return (command: readonly string[], sitter: Sitter, signal: AbortSignal = never): Promise<CommandResult> =>
    stage.runtime.runOnce(instance, command, 30_000, signal, sitter);
}
