import { type ChildProcess, spawn } from 'node:child_process';
import { closeSync, openSync } from 'node:fs';
import type { Duplex } from 'node:stream';
import { fail } from '#core/errors.ts';
import { identify, type ProcessIdentity } from '../identity.ts';
import type { Tools } from '../tools.ts';
import { type Abilities, unshareArguments } from './abilities.ts';
import type { LaunchFailure, LaunchOrder } from './order.ts';

interface LaunchInput {
  readonly order: LaunchOrder;
  /** Path of the launcher's program. */
  readonly launcher: string;
  readonly tools: Tools;
  readonly abilities: Abilities;
  /** Files that the instance's output is appended to. */
  readonly output: { readonly stdout: string; readonly stderr: string };
  /** Its input, output and errors in place of these, open here. */
  readonly streams?: readonly [number, number, number];
  /** Called with the process while it still waits: what it writes down is true whenever the instance runs. */
  readonly record: (identity: ProcessIdentity) => void;
  readonly instance: string;
  readonly signal: AbortSignal;
}

export interface Launched {
  readonly child: ChildProcess;
  readonly identity: ProcessIdentity;
}

const deadlineMs = 30_000;

/**
 * Starts a process in a session and namespaces of its own, has it recorded, and only then tells it what to become.
 * Returns once it has become that.
 *
 * @throws RUNTIME_LAUNCH_FAILED saying which act failed and what the system said
 */
export async function launch(input: LaunchInput): Promise<Launched> {
  const child = spawnWaiting(input);
  const door = child.stdio[3] as Duplex;
  const answer = readAll(door);
  const failure = new Promise<Error>((resolve) => child.once('error', resolve));
  try {
    const identity = child.pid === undefined ? undefined : identify(child.pid);
    if (identity === undefined) throw await failure;
    input.record(identity);
    door.write(`${JSON.stringify(input.order)}\n`);
    const said = await within(answer, input.signal);
    if (said !== '') throw failureOf(said, input);
    child.unref();
    return { child, identity };
  } catch (error) {
    if (child.pid !== undefined) killGroup(child.pid);
    throw error;
  } finally {
    door.destroy();
  }
}

function spawnWaiting({ launcher, tools, abilities, output, streams }: LaunchInput): ChildProcess {
  const { namespaces } = abilities;
  const node = [process.execPath, '--no-warnings', launcher];
  const command = namespaces === 'none' ? node : [tools.unshare, ...unshareArguments(namespaces), ...node];
  const [file = '', ...args] = command;
  const options = { detached: true, cwd: '/', env: {} } as const;
  if (streams !== undefined) return spawn(file, args, { ...options, stdio: [...streams, 'pipe'] });
  const files = [output.stdout, output.stderr].map((path) => openSync(path, 'a', 0o600));
  try {
    return spawn(file, args, { ...options, stdio: ['ignore', ...files, 'pipe'] });
  } finally {
    for (const file of files) closeSync(file);
  }
}

/** The door closes without a word when the launcher becomes the instance. */
async function readAll(door: Duplex): Promise<string> {
  const chunks: Buffer[] = [];
  try {
    for await (const chunk of door as AsyncIterable<Buffer>) chunks.push(chunk);
  } catch {
    // A reset says no more than an end.
  }
  return Buffer.concat(chunks).toString('utf8');
}

async function within<T>(promise: Promise<T>, signal: AbortSignal): Promise<T> {
  const limit = AbortSignal.any([signal, AbortSignal.timeout(deadlineMs)]);
  let stop: () => void = () => undefined;
  const aborted = new Promise<never>((_, reject) => {
    stop = () => reject(limit.reason as Error);
    if (limit.aborted) stop();
    limit.addEventListener('abort', stop, { once: true });
  });
  try {
    return await Promise.race([promise, aborted]);
  } finally {
    limit.removeEventListener('abort', stop);
  }
}

function failureOf(said: string, { instance }: LaunchInput): Error {
  const { act, detail } = JSON.parse(said) as LaunchFailure;
  return fail('RUNTIME_LAUNCH_FAILED', { instance, act, detail });
}

function killGroup(pid: number): void {
  try {
    process.kill(-pid, 'SIGKILL');
  } catch {
    // It is gone.
  }
}
