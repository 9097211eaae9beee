import { type ChildProcess, spawn } from 'node:child_process';
import type { Readable } from 'node:stream';
import type { CommandResult } from '#model/instance.ts';
import { Tail } from './tail.ts';

export interface CommandOptions {
  readonly env?: Readonly<Record<string, string>>;
  readonly cwd?: string;
  readonly timeoutMs: number;
  readonly signal?: AbortSignal;
  /** Gets each complete line of output as it comes. */
  readonly onLine?: (line: string) => void;
  /** Called at once after the start, before the command can have done much. */
  readonly onStart?: (pid: number) => void;
}

/** How long to wait for output after the end: something left behind may hold the pipe open for ever. */
const outputGraceMs = 500;

/**
 * Runs a program to its end: no shell, a process group of its own, output bounded. At the deadline or when `signal`
 * aborts, the whole group is killed; an abort then throws its reason. A program that cannot be started gives code 127
 * with the reason as output.
 */
export async function runCommand(
  file: string,
  args: readonly string[],
  options: CommandOptions,
): Promise<CommandResult> {
  options.signal?.throwIfAborted();
  const child = spawn(file, args, {
    detached: true,
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { ...options.env },
    ...(options.cwd === undefined ? {} : { cwd: options.cwd }),
  });
  const output = new Tail(options.onLine);
  const outputs = [child.stdout, child.stderr];
  for (const stream of outputs) stream.on('data', (chunk: Buffer) => output.add(chunk));
  if (child.pid !== undefined) options.onStart?.(child.pid);

  let timedOut = false;
  const kill = (): void => killGroup(child);
  const deadline = setTimeout(() => {
    timedOut = true;
    kill();
  }, options.timeoutMs);
  options.signal?.addEventListener('abort', kill);
  try {
    const end = await ended(child, outputs);
    options.signal?.throwIfAborted();
    if (end.error !== undefined) output.add(Buffer.from(`${end.error.message}\n`));
    return { code: end.code, signal: end.signal, timedOut, output: output.text() };
  } finally {
    clearTimeout(deadline);
    options.signal?.removeEventListener('abort', kill);
  }
}

interface End {
  readonly code: number | undefined;
  readonly signal: string | undefined;
  readonly error?: Error;
}

function ended(child: ChildProcess, outputs: readonly Readable[]): Promise<End> {
  return new Promise((resolve) => {
    let end: End | undefined;
    child.on('error', (error) => resolve({ code: 127, signal: undefined, error }));
    child.on('exit', (code, signal) => {
      end = { code: code ?? undefined, signal: signal ?? undefined };
      setTimeout(() => {
        for (const stream of outputs) stream.destroy();
      }, outputGraceMs).unref();
    });
    child.on('close', () => resolve(end ?? { code: undefined, signal: undefined }));
  });
}

function killGroup(child: ChildProcess): void {
  if (child.pid === undefined || child.exitCode !== null) return;
  try {
    process.kill(-child.pid, 'SIGKILL');
  } catch {
    // Already gone.
  }
}
