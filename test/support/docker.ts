import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import {
  closeSync,
  copyFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  openSync,
  readFileSync,
  realpathSync,
  rmSync,
  symlinkSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { usualImage } from '#adapters/haproxy/launch/proxy-container.ts';

/** A Docker Engine of a test's own: its data, its socket, its networks. Everything it made ends with it. */
export interface TestEngine extends AsyncDisposable {
  readonly dir: string;
  readonly socketPath: string;
  /** Runs the `docker` command against this engine and returns what it printed. Throws when it fails. */
  docker(...args: readonly string[]): string;
  /** Makes the image `timonel-test/sh`: a shell, the usual small commands, curl. */
  shellImage(): string;
  /** Makes the image `timonel-test/node`: as `sh`, and the node that runs the tests. */
  nodeImage(): string;
  /** Makes an image that runs this machine's redis-server, under the name that Compose files use. */
  redisImage(): string;
  /** Makes an image of this machine's HAProxy and nothing else, under the name of the one that the proxy runs from. */
  proxyImage(): string;
  /** Ends the engine as a service manager does (SIGTERM) or as a crash does (SIGKILL). */
  kill(signal: 'SIGTERM' | 'SIGKILL'): Promise<void>;
  /** Starts it again over the same data. */
  start(options?: TestEngineOptions): Promise<void>;
}

export interface TestEngineOptions {
  readonly liveRestore?: boolean;
}

/** Why no engine can run here, or undefined when one can. Tests print it and skip. */
export function whyNoEngine(): string | undefined {
  if (process.getuid?.() !== 0) return 'the docker tests need root';
  for (const command of ['dockerd', 'docker', 'iptables', 'ip']) {
    if (spawnSync('sh', ['-c', `command -v ${command}`]).status !== 0) return `the docker tests need ${command}`;
  }
  return undefined;
}

/** Starts an engine with its own folders, socket and address pool. Use with `await using`. */
export async function startEngine(options: TestEngineOptions = {}): Promise<TestEngine> {
  const dir = mkdtempSync(join(tmpdir(), 'timonel-engine-'));
  const engine = new PrivateEngine(dir, options);
  try {
    await engine.start();
  } catch (error) {
    await engine[Symbol.asyncDispose]();
    throw error;
  }
  return engine;
}

class PrivateEngine implements TestEngine {
  readonly dir: string;
  readonly socketPath: string;
  readonly #options: TestEngineOptions;
  /** Two numbers that make this engine's networks its own: the pools of engines side by side must not overlap. */
  readonly #pool: number;
  #process: ChildProcess | undefined;

  constructor(dir: string, options: TestEngineOptions) {
    this.dir = dir;
    this.socketPath = join(dir, 'docker.sock');
    this.#options = options;
    this.#pool = 16 + ((createHash('sha256').update(dir).digest()[0] ?? 0) % 200);
  }

  async start({ liveRestore = this.#options.liveRestore }: TestEngineOptions = {}): Promise<void> {
    const log = openSync(join(this.dir, 'dockerd.log'), 'a');
    this.#process = spawn(
      'dockerd',
      [
        ...['--data-root', join(this.dir, 'data'), '--exec-root', join(this.dir, 'exec')],
        ...['--pidfile', join(this.dir, 'docker.pid'), '--host', `unix://${this.socketPath}`],
        // No default bridge: engines of one host would share it.
        ...['--bridge', 'none', '--default-address-pool', `base=10.${this.#pool}.0.0/17,size=24`],
        ...(liveRestore === true ? ['--live-restore'] : []),
        // The classic builder is this engine's own choice; a test of BuildKit asks for it by its Dockerfile.
        ...['--log-level', 'warn'],
      ],
      { stdio: ['ignore', log, log] },
    );
    closeSync(log);
    await until(
      () => this.#answers(),
      30_000,
      () => `dockerd did not start:\n${this.#lastLog()}`,
    );
  }

  async kill(signal: 'SIGTERM' | 'SIGKILL'): Promise<void> {
    const child = this.#process;
    if (child === undefined || child.exitCode !== null || child.signalCode !== null) return;
    const ended = new Promise<void>((resolve) => {
      child.once('exit', () => resolve());
    });
    child.kill(signal);
    await ended;
    // Killed outright it leaves its pid files, and a fresh engine would believe that the old one runs.
    rmSync(join(this.dir, 'docker.pid'), { force: true });
    if (signal === 'SIGKILL') rmSync(join(this.dir, 'exec/containerd/containerd.pid'), { force: true });
    this.#process = undefined;
  }

  docker(...args: readonly string[]): string {
    const result = spawnSync('docker', args, { encoding: 'utf8', env: this.#env(), maxBuffer: 64 * 1024 * 1024 });
    if (result.status !== 0) throw new Error(`docker ${args.join(' ')}: ${result.stderr}`);
    return result.stdout.trim();
  }

  shellImage(): string {
    return this.#import('timonel-test/sh', shellPrograms);
  }

  nodeImage(): string {
    return this.#import('timonel-test/node', [...shellPrograms, process.execPath]);
  }

  redisImage(): string {
    return this.#import('redis:7-alpine', [...shellPrograms, 'redis-server', 'redis-cli'], ['WORKDIR /data']);
  }

  proxyImage(): string {
    return this.#import(usualImage, ['haproxy']);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    try {
      if (!this.#answers()) await this.start();
      const containers = this.docker('ps', '-aq')
        .split('\n')
        .filter((id) => id !== '');
      if (containers.length > 0) this.docker('rm', '-f', ...containers);
      for (const network of this.docker('network', 'ls', '-q', '--filter', 'type=custom').split('\n')) {
        if (network !== '') this.docker('network', 'rm', network);
      }
    } finally {
      await this.kill('SIGTERM');
      unmountBelow(this.dir);
      rmSync(this.dir, { recursive: true, force: true });
    }
  }

  #import(name: string, programs: readonly string[], changes: readonly string[] = []): string {
    if (this.docker('images', '-q', name) !== '') return name;
    const root = join(this.dir, 'root');
    rmSync(root, { recursive: true, force: true });
    makeRootFs(root, programs);
    const flags = changes.map((change) => `--change '${change}'`).join(' ');
    const command = `tar -C "$1" -c . | docker import ${flags} - "$2"`;
    const result = spawnSync('sh', ['-c', command, 'sh', root, name], { encoding: 'utf8', env: this.#env() });
    rmSync(root, { recursive: true, force: true });
    if (result.status !== 0) throw new Error(`docker import: ${result.stderr}`);
    return name;
  }

  #env(): NodeJS.ProcessEnv {
    return { ...process.env, DOCKER_HOST: `unix://${this.socketPath}`, DOCKER_BUILDKIT: '0', DOCKER_CONFIG: this.dir };
  }

  #answers(): boolean {
    return spawnSync('docker', ['version'], { env: this.#env(), timeout: 3000 }).status === 0;
  }

  #lastLog(): string {
    const log = join(this.dir, 'dockerd.log');
    return existsSync(log) ? readFileSync(log, 'utf8').split('\n').slice(-15).join('\n') : '';
  }
}

const shellPrograms = [
  ...[
    'dash',
    'cat',
    'ls',
    'sleep',
    'id',
    'env',
    'touch',
    'mkdir',
    'true',
    'false',
    'stat',
    'head',
    'tail',
    'sed',
    'chmod',
  ],
  ...[
    'grep',
    'printf',
    'echo',
    'tr',
    'wc',
    'od',
    'hostname',
    'getent',
    'curl',
    'ip',
    'kill',
    'test',
    'date',
    'seq',
    'rm',
  ],
];

/** A root file system of programs of this machine and the libraries that they need: no registry is asked. */
function makeRootFs(root: string, programs: readonly string[]): void {
  for (const folder of ['bin', 'etc', 'tmp', 'proc', 'sys', 'dev', 'run', 'lib64', 'var', 'root', 'app']) {
    mkdirSync(join(root, folder), { recursive: true });
  }
  const paths = programs.map(pathOf).filter((path) => path !== undefined);
  for (const path of paths) copyInto(root, path, `/bin/${path.split('/').at(-1)}`);
  symlinkSync('dash', join(root, 'bin/sh'));
  for (const library of librariesOf(paths)) copyInto(root, library, library);
}

function pathOf(program: string): string | undefined {
  if (program.startsWith('/')) return program;
  const found = spawnSync('sh', ['-c', `command -v "$1" || command -v "/usr/sbin/$1"`, 'sh', program], {
    encoding: 'utf8',
  });
  const path = found.stdout.trim();
  if (path.startsWith('/')) return path;
  // A builtin of the shell; its program stands in the usual place.
  return existsSync(`/usr/bin/${program}`) ? `/usr/bin/${program}` : undefined;
}

function librariesOf(programs: readonly string[]): readonly string[] {
  const listing = programs.map((path) => spawnSync('ldd', [path], { encoding: 'utf8' }).stdout).join('\n');
  const linked = [...listing.matchAll(/(\/[^\s:]+\.so[^\s:]*)/g)].map((match) => match[1] ?? '');
  // Name resolution and the end of a thread load these by name, so no program is linked to them.
  const names = ['libnss_files.so.2', 'libnss_dns.so.2', 'libgcc_s.so.1'].map(
    (name) => `/lib/x86_64-linux-gnu/${name}`,
  );
  return [...new Set([...linked, ...names])].filter((path) => existsSync(path));
}

function copyInto(root: string, from: string, to: string): void {
  const target = join(root, to);
  if (existsSync(target)) return;
  mkdirSync(dirname(target), { recursive: true });
  copyFileSync(realpathSync(from), target);
}

function unmountBelow(dir: string): void {
  const mounts = readFileSync('/proc/mounts', 'utf8')
    .split('\n')
    .map((line) => line.split(' ')[1] ?? '');
  for (const mount of mounts.filter((path) => path.startsWith(`${dir}/`)).toReversed())
    spawnSync('umount', ['-l', mount]);
}

/** Waits for a condition; fails with a reason when it does not come. */
export async function until(
  isSo: () => boolean | Promise<boolean>,
  withinMs: number,
  reason: () => string = () => 'the condition did not come',
): Promise<void> {
  const deadline = performance.now() + withinMs;
  while (!(await isSo())) {
    if (performance.now() > deadline) throw new Error(reason());
    await delay(50);
  }
}
