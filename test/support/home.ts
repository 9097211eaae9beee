import { spawn } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, readFileSync, readlinkSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { ProjectStatus } from '#model/status.ts';

export const root = fileURLToPath(new URL('../..', import.meta.url));

export interface CliResult {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
  readonly tookMs: number;
}

export interface CliOptions {
  readonly cwd?: string;
  readonly env?: Readonly<Record<string, string>>;
  readonly input?: string;
  readonly timeoutMs?: number;
}

/** A Timonel of its own: its home, its ports, its daemon. Everything it started ends with it. */
export interface Home extends AsyncDisposable {
  readonly dir: string;
  readonly httpPort: number;
  readonly httpsPort: number;
  readonly env: Readonly<Record<string, string>>;
  /** Runs `./timonel ARGS` in this home, as a user does. */
  cli(args: readonly string[], options?: CliOptions): Promise<CliResult>;
  /** As `cli`, and fails with what was printed unless it ends with 0. */
  ok(args: readonly string[], options?: CliOptions): Promise<CliResult>;
  status(project: string): Promise<ProjectStatus>;
  daemonPid(): number;
}

export interface HomeOptions {
  /** Programs that the machine of this home is not to have. */
  readonly without?: readonly string[];
}

/** Makes an empty home with free ports on 127.0.0.1. Use with `await using`. */
export async function freshHome({ without = [] }: HomeOptions = {}): Promise<Home> {
  const dir = mkdtempSync(join(tmpdir(), 'timonel-home-'));
  const [httpPort, httpsPort] = [await freePort(), await freePort()];
  const env = {
    PATH: process.env.PATH ?? '/usr/sbin:/usr/bin:/sbin:/bin',
    HOME: process.env.HOME ?? '/root',
    LANG: 'C.UTF-8',
    TIMONEL_HOME: dir,
    TIMONEL_HTTP_PORT: String(httpPort),
    TIMONEL_HTTPS_PORT: String(httpsPort),
    TIMONEL_EDGE_ADDRESS: '127.0.0.1',
  };
  const hiding = hidden(without);
  const cli: Home['cli'] = (args, options = {}) =>
    runCli([...hiding, join(root, 'timonel'), ...args], { ...options, env: { ...env, ...options.env } });
  const ok: Home['ok'] = async (args, options) => {
    const result = await cli(args, options);
    if (result.code === 0) return result;
    throw new Error(`timonel ${args.join(' ')} ended with ${result.code}\n${result.stdout}\n${result.stderr}`);
  };
  return {
    dir,
    httpPort,
    httpsPort,
    env,
    cli,
    ok,
    status: async (project) => JSON.parse((await cli(['status', '-p', project, '--json'])).stdout) as ProjectStatus,
    daemonPid: () => Number(readFileSync(join(dir, 'daemon.pid'), 'utf8')),
    [Symbol.asyncDispose]: () => endHome(dir),
  };
}

/** Covers the programs in a mount namespace of its own, which the daemon that is started there keeps. Needs root. */
function hidden(programs: readonly string[]): readonly string[] {
  const folders = ['/usr/local/sbin', '/usr/local/bin', '/usr/sbin', '/usr/bin', '/sbin', '/bin'];
  const paths = folders
    .flatMap((folder) => programs.map((name) => join(folder, name)))
    .filter((one) => existsSync(one));
  if (paths.length === 0) return [];
  const cover = 'while [ "$1" != -- ]; do mount --bind /dev/null "$1"; shift; done; shift; exec "$@"';
  return ['unshare', '--mount', 'sh', '-c', cover, 'sh', ...paths, '--'];
}

function runCli([program = '', ...args]: readonly string[], options: CliOptions): Promise<CliResult> {
  const startedAt = performance.now();
  const child = spawn(program, args, {
    cwd: options.cwd ?? root,
    env: options.env ?? {},
    stdio: 'pipe',
    timeout: options.timeoutMs ?? 180_000,
  });
  const out: string[] = [];
  const err: string[] = [];
  child.stdout.setEncoding('utf8').on('data', (text: string) => out.push(text));
  child.stderr.setEncoding('utf8').on('data', (text: string) => err.push(text));
  child.stdin.end(options.input ?? '');
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (code, signal) =>
      resolve({
        code: code ?? -1,
        stdout: out.join(''),
        stderr: err.join('') + (signal === null ? '' : `\n(ended by ${signal})`),
        tookMs: performance.now() - startedAt,
      }),
    );
  });
}

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  await new Promise((resolve) => server.close(resolve));
  if (address === null || typeof address === 'string') throw new Error('no free port');
  return address.port;
}

/** Ends every process of the home, daemon first so that it restarts nothing, and deletes the folder. */
async function endHome(dir: string): Promise<void> {
  const daemon = Number(readOr(join(dir, 'daemon.pid'), '0'));
  if (daemon > 0) kill(daemon);
  for (let round = 0; round < 50; round++) {
    const left = processesOf(dir);
    if (left.length === 0) break;
    for (const pid of left) kill(pid);
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  rmSync(dir, { recursive: true, force: true, maxRetries: 5 });
}

/**
 * Pids of all that runs for the home `dir`: by its command line, working folder or environment, or, where a program
 * wrote over these as Redis does, by what is mounted in a namespace of its own.
 */
export function processesOf(dir: string): number[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name) && Number(name) !== process.pid)
    .filter((pid) => {
      if (readOr(`/proc/${pid}/stat`, '').includes(') Z ')) return false;
      const seen = `${readOr(`/proc/${pid}/cmdline`, '')}\n${readOr(`/proc/${pid}/environ`, '')}\n${linkOr(`/proc/${pid}/cwd`)}`;
      return seen.includes(dir) || (isApart(pid) && readOr(`/proc/${pid}/mountinfo`, '').includes(`${dir}/`));
    })
    .map(Number);
}

function isApart(pid: string): boolean {
  const namespace = linkOr(`/proc/${pid}/ns/mnt`);
  return namespace !== '' && namespace !== linkOr('/proc/self/ns/mnt');
}

function kill(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL');
  } catch {
    // Already gone.
  }
}

function readOr(path: string, none: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return none;
  }
}

function linkOr(path: string): string {
  try {
    return readlinkSync(path);
  } catch {
    return '';
  }
}
