import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { connect } from 'node:net';
import { delimiter, join } from 'node:path';

/** A program that answers the load, and what it costs. */
export interface Contender extends AsyncDisposable {
  readonly name: string;
  readonly address: string;
  readonly port: number;
  /** Processor time that it has used so far, milliseconds. */
  cpuMs(): number;
}

export interface Started {
  readonly name: string;
  readonly program: string;
  readonly args: readonly string[];
  readonly address: string;
  readonly port: number;
  readonly env?: Readonly<Record<string, string>>;
}

/** Starts the program and waits until it takes connections; it ends with the scope. */
export async function start({ name, program, args, address, port, env = {} }: Started): Promise<Contender> {
  const child = spawn(program, args, {
    ...{ stdio: ['ignore', 'ignore', 'pipe'], env: { ...process.env, ...env } },
    // As ours is: Linux shares the cores out by session, and whoever waits more serves more a turn.
    detached: true,
  });
  let said = '';
  child.stderr.on('data', (chunk: Buffer) => {
    said = `${said}${chunk}`.slice(-2000);
  });
  const end = Date.now() + 20_000;
  while (!(await answers(address, port))) {
    if (child.exitCode !== null || Date.now() > end) {
      await ended(child);
      throw new Error(`${name} does not listen on ${address}:${port}: ${said}`);
    }
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  const pid = child.pid ?? 0;
  return { name, address, port, cpuMs: () => cpuOf(family(pid)), [Symbol.asyncDispose]: () => ended(child) };
}

/** Where the program is: what the environment variable names, else on the PATH or where Debian keeps servers. */
export function findProgram(name: string, variable: string): string | undefined {
  const named = process.env[variable];
  if (named !== undefined && existsSync(named)) return named;
  const folders = [...(process.env.PATH ?? '').split(delimiter), '/usr/sbin', '/usr/local/sbin'];
  return folders.map((folder) => join(folder, name)).find((path) => existsSync(path));
}

/** The process and all that it started. */
export function family(root: number): number[] {
  const parents = readdirSync('/proc')
    .filter((one) => /^\d+$/.test(one))
    .map((one) => [Number(one), statOf(Number(one))?.parent] as const);
  const found = [root];
  for (const pid of found) found.push(...parents.filter(([, parent]) => parent === pid).map(([child]) => child));
  return found;
}

/** The kernel counts in hundredths of a second. */
const tickMs = 10;

export function cpuOf(pids: readonly number[]): number {
  return pids.reduce((sum, pid) => sum + (statOf(pid)?.ticks ?? 0) * tickMs, 0);
}

function statOf(pid: number): { readonly parent: number; readonly ticks: number } | undefined {
  try {
    // The name in parentheses may hold spaces; what follows it is counted.
    const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ').at(-1)?.split(' ') ?? [];
    return { parent: Number(fields[1]), ticks: Number(fields[11]) + Number(fields[12]) };
  } catch {
    return undefined;
  }
}

function answers(address: string, port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect({ host: address, port }, () => {
      socket.destroy();
      resolve(true);
    });
    socket.on('error', () => resolve(false));
  });
}

function ended(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return Promise.resolve();
  const gone = new Promise<void>((resolve) => child.once('exit', () => resolve()));
  child.kill('SIGTERM');
  const last = setTimeout(() => child.kill('SIGKILL'), 3000);
  return gone.finally(() => clearTimeout(last));
}
