import { spawn } from 'node:child_process';
import { accessSync, constants, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fail } from '#core/errors.ts';

/** Installs Debian packages. The servers in them are not started: Timonel runs its own, where and when it wants. */
export interface PackageInstaller {
  /** Is there an apt-get here? */
  readonly hasApt: boolean;
  /** May this process install? */
  readonly isRoot: boolean;
  /**
   * Installs `packages`; `progress` gets the lines that apt-get prints. Throws CLI_PACKAGES_FAILED with its last lines.
   */
  install(packages: readonly string[], progress: (line: string) => void): Promise<void>;
}

export interface InstallerOptions {
  /** Folders of programs. */
  readonly path: string;
  readonly isRoot: boolean;
  /** Where the network is: the proxies of the user's environment. */
  readonly env?: Readonly<Record<string, string>>;
  /** Asked by maintainer scripts whether a service may start; another one that exists is left as it is. */
  readonly policyFile?: string;
  /** Present where systemd runs the machine. */
  readonly systemdFolder?: string;
}

/** Waiting for another apt-get, then downloading and unpacking; afterwards something hangs. */
const deadlineMs = 15 * 60_000;

export function createPackageInstaller(options: InstallerOptions): PackageInstaller {
  const {
    path,
    isRoot,
    env = {},
    policyFile = '/usr/sbin/policy-rc.d',
    systemdFolder = '/run/systemd/system',
  } = options;
  // needrestart would restart services of others, or ask.
  const programEnv = {
    ...env,
    PATH: path,
    DEBIAN_FRONTEND: 'noninteractive',
    LC_ALL: 'C.UTF-8',
    NEEDRESTART_SUSPEND: '1',
  };
  return {
    hasApt: findProgram('apt-get', path) !== undefined,
    isRoot,
    async install(packages, progress) {
      using _policy = forbidStarts(policyFile);
      // Lists of an image are often empty or old; only then is it worth fetching them anew.
      const first = await runApt(installArguments(packages), programEnv, progress);
      if (first.code !== 0) {
        await runApt(['update'], programEnv, progress);
        const second = await runApt(installArguments(packages), programEnv, progress);
        if (second.code !== 0) throw failed(packages, second);
      }
      if (statSync(systemdFolder, { throwIfNoEntry: false }) !== undefined) await disableUnits(packages, programEnv);
    },
  };
}

/** The program's path, or undefined when no folder of `path` has it. */
export function findProgram(name: string, path: string): string | undefined {
  return path
    .split(':')
    .map((folder) => join(folder, name))
    .find(isExecutable);
}

function isExecutable(file: string): boolean {
  try {
    accessSync(file, constants.X_OK);
    return statSync(file).isFile();
  } catch {
    return false;
  }
}

function installArguments(packages: readonly string[]): string[] {
  return [
    'install',
    '-y',
    '--no-install-recommends',
    '-o',
    'DPkg::Lock::Timeout=120',
    '-o',
    'Acquire::Retries=3',
    ...packages,
  ];
}

type ProgramEnv = Readonly<Record<string, string>>;

interface AptResult {
  readonly code: number | null;
  readonly lines: readonly string[];
}

const keptLines = 15;

function runApt(args: readonly string[], env: ProgramEnv, progress: (line: string) => void): Promise<AptResult> {
  return run(['apt-get', ...args], env, progress);
}

function run(
  argv: readonly [string, ...string[]],
  env: ProgramEnv,
  progress: (line: string) => void,
): Promise<AptResult> {
  const [program, ...args] = argv;
  return new Promise((resolve, reject) => {
    // A group of its own: Ctrl-C must not cut dpkg in half.
    const child = spawn(program, args, {
      detached: true,
      stdio: ['ignore', 'pipe', 'pipe'],
      timeout: deadlineMs,
      env,
    });
    const lines: string[] = [];
    const take = (chunk: string): void => {
      for (const line of chunk.split(/[\n\r]/).map((one) => one.trim())) {
        if (line === '') continue;
        lines.push(line);
        if (lines.length > keptLines) lines.shift();
        progress(line);
      }
    };
    child.stdout.setEncoding('utf8').on('data', take);
    child.stderr.setEncoding('utf8').on('data', take);
    child.once('error', reject);
    child.once('close', (code) => resolve({ code, lines }));
  });
}

function failed(packages: readonly string[], { code, lines }: AptResult): Error {
  return fail('CLI_PACKAGES_FAILED', { packages, code: String(code ?? 'signal'), output: lines });
}

const policyMark = '# written by timonel while it installs packages';

/** Maintainer scripts ask this file; 101 forbids. Ours goes away again, also one that an earlier crash left. */
function forbidStarts(file: string): Disposable {
  if (isForeign(file)) return { [Symbol.dispose]: () => {} };
  writeFileSync(file, `#!/bin/sh\n${policyMark}\nexit 101\n`, { mode: 0o755 });
  return { [Symbol.dispose]: () => rmSync(file, { force: true }) };
}

function isForeign(file: string): boolean {
  const found = statSync(file, { throwIfNoEntry: false });
  return found !== undefined && !readFileSync(file, 'utf8').includes(policyMark);
}

/** Services that packages bring, so that they do not take ports after the next boot. */
const unitsOf: Readonly<Record<string, readonly string[]>> = {
  haproxy: ['haproxy.service'],
  'redis-server': ['redis-server.service'],
  postgresql: ['postgresql.service'],
};

async function disableUnits(packages: readonly string[], env: ProgramEnv): Promise<void> {
  const units = packages.flatMap((name) => unitsOf[name.replace(/-\d+$/, '')] ?? []);
  if (units.length > 0) await run(['systemctl', 'disable', '--now', ...units], env, () => {});
}
