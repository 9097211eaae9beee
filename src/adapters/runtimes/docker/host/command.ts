import { spawn } from 'node:child_process';
import { text } from 'node:stream/consumers';

export interface HostCommand {
  readonly command: string;
  readonly args: readonly string[];
  readonly input?: string;
  readonly timeoutMs?: number;
}

export interface HostResult {
  /** Undefined when the command does not exist, could not start or was killed at its deadline. */
  readonly code: number | undefined;
  readonly stdout: string;
  readonly stderr: string;
}

/** Folders of administration commands that a user's PATH often lacks. */
const adminPath = '/usr/sbin:/sbin:/usr/bin:/bin';

/** Runs a short command of the host to its end. Never throws: a command that is missing has no exit code. */
export async function runHost({ command, args, input, timeoutMs = 10_000 }: HostCommand): Promise<HostResult> {
  const child = spawn(command, args, {
    stdio: 'pipe',
    env: { PATH: `${process.env.PATH ?? ''}:${adminPath}`, HOME: process.env.HOME ?? '/', LC_ALL: 'C' },
    timeout: timeoutMs,
    killSignal: 'SIGKILL',
  });
  // A command that reads nothing closes its input early; its exit code tells the rest.
  child.stdin.on('error', () => undefined);
  child.stdin.end(input);
  const ended = new Promise<number | undefined>((resolve) => {
    child.once('error', () => resolve(undefined));
    child.once('close', (code) => resolve(code ?? undefined));
  });
  const [code, stdout, stderr] = await Promise.all([ended, text(child.stdout), text(child.stderr)]);
  return { code, stdout, stderr };
}
