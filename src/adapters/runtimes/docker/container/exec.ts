import { readFile } from 'node:fs/promises';
import { fail, hasCode } from '#core/errors.ts';
import type { CommandResult } from '#model/instance.ts';
import { pathOf } from '../engine/call.ts';
import type { Engine } from '../engine/client.ts';
import { refusalText, wasRefused } from '../engine/refusal.ts';
import { framesOf } from '../logs/frames.ts';
import { TailBuffer } from '../logs/tail-buffer.ts';
import { signalOf } from './observed.ts';

/** As much output as a command's result keeps. */
const outputLimit = 64 * 1024;

/** Exit codes by which shells say that a command could not be run. */
const cannotRun = 126;

export interface ExecRequest {
  readonly container: string;
  readonly command: readonly string[];
  readonly timeoutMs: number;
  readonly user?: string;
  readonly workingDir?: string;
  readonly privileged?: boolean;
  readonly environment?: readonly string[];
}

/**
 * Runs a command inside a running container, with its environment, user, names and files. A command that the image
 * does not have is a result (126), not an error. One that is late is killed.
 *
 * @throws DOCKER_NOT_RUNNING
 */
export async function execIn(engine: Engine, request: ExecRequest): Promise<CommandResult> {
  const id = await createExec(engine, request);
  const output = new TailBuffer(outputLimit);
  const late = new AbortController();
  const timer = setTimeout(() => late.abort(), request.timeoutMs);
  try {
    const stream = await engine.stream({
      what: `run ${request.command[0] ?? ''}`,
      method: 'POST',
      path: pathOf('exec', id, 'start'),
      body: { Detach: false, Tty: false },
      deadlineMs: Math.max(request.timeoutMs, 1),
      signal: late.signal,
    });
    for await (const frame of framesOf(stream, 'streams')) output.add(frame.bytes);
    // An answer without a length ends where its connection does, also when it was we who hung up.
    late.signal.throwIfAborted();
  } catch (error) {
    if (late.signal.aborted || hasCode(error, 'DOCKER_TIMEOUT'))
      return await killed(engine, id, request.container, output);
    if (wasRefused(error, 400))
      return { code: cannotRun, signal: undefined, timedOut: false, output: refusalText(error) };
    throw error;
  } finally {
    clearTimeout(timer);
  }
  const { ExitCode } = await inspectExec(engine, id);
  const code = ExitCode ?? undefined;
  return { code, signal: signalOf(code ?? 0), timedOut: false, output: output.toString() };
}

async function createExec(engine: Engine, request: ExecRequest): Promise<string> {
  try {
    const { Id } = await engine.json<{ Id: string }>({
      what: `prepare ${request.command[0] ?? ''}`,
      method: 'POST',
      path: pathOf('containers', request.container, 'exec'),
      deadlineMs: Math.min(engine.deadlines.change, Math.max(request.timeoutMs, 1000)),
      body: {
        AttachStdout: true,
        AttachStderr: true,
        Cmd: request.command,
        User: request.user,
        WorkingDir: request.workingDir,
        Privileged: request.privileged,
        Env: request.environment,
      },
    });
    return Id;
  } catch (error) {
    if (wasRefused(error, 404, 409)) {
      throw fail('DOCKER_NOT_RUNNING', { container: request.container, detail: refusalText(error) }, { cause: error });
    }
    throw error;
  }
}

interface ExecInspected {
  readonly ExitCode: number | null;
  readonly Pid: number;
  readonly Running: boolean;
}

function inspectExec(engine: Engine, id: string): Promise<ExecInspected> {
  return engine.json({ what: 'read the exit code', method: 'GET', path: pathOf('exec', id, 'json') });
}

/** The engine has no call that ends an exec, so its process is killed from the host. */
async function killed(engine: Engine, id: string, container: string, output: TailBuffer): Promise<CommandResult> {
  const exec = await inspectExec(engine, id).catch(() => undefined);
  if (exec?.Running === true && (await isOf(exec.Pid, container))) process.kill(exec.Pid, 'SIGKILL');
  return { code: undefined, signal: 'SIGKILL', timedOut: true, output: output.toString() };
}

/** Is this still a process of that container? The number may have been given to another one since. */
async function isOf(pid: number, container: string): Promise<boolean> {
  const groups = await readFile(`/proc/${pid}/cgroup`, 'utf8').catch(() => '');
  return pid > 1 && groups.includes(container);
}
