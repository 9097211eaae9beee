import { execFile, spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { open } from 'node:fs/promises';
import { promisify } from 'node:util';
import { reasonOf } from '#core/errors.ts';
import { checkArguments, checkLimitMs, findProxy, firstAlert, requireSuitable } from '../binary.ts';
import type { Layout } from '../layout.ts';
import { processId } from '../processes.ts';
import { readText } from '../whole-file.ts';
import type { Launched, Launcher } from './launcher.ts';
import { affordableConnections, ownLimits } from './limits.ts';
import { boundLog } from './proxy-log.ts';

const run = promisify(execFile);

/**
 * The C library gives memory back as soon as 128 KB are free at the top, and under load has to ask for it again at once:
 * a page fault in every tenth request, and a twentieth of the processor time.
 */
const keepMemory = { MALLOC_TRIM_THRESHOLD_: String(8 << 20) };

/** Starts the HAProxy that is installed on the host, apart from us. */
export class HostLauncher implements Launcher {
  readonly kind = 'host';
  readonly terms = { user: trafficUser(), maxConnections: affordableConnections(ownLimits()) };
  readonly logCommand: string;
  readonly #layout: Layout;
  #program: string | undefined;

  constructor(layout: Layout) {
    this.#layout = layout;
    this.logCommand = `tail ${layout.log}`;
  }

  /** @throws PROXY_NOT_INSTALLED, PROXY_UNSUITABLE */
  async demandUsable(): Promise<void> {
    await this.#suitable();
  }

  async missingImage(): Promise<undefined> {
    return undefined;
  }

  async fetchImage(): Promise<void> {}

  async launch(args: readonly string[]): Promise<Launched> {
    const output = await open(this.#layout.log, 'a', 0o600);
    const child = spawn(await this.#suitable(), args, {
      cwd: this.#layout.folder,
      detached: true,
      stdio: ['ignore', output.fd, output.fd],
      env: { PATH: process.env.PATH ?? '/usr/sbin:/usr/bin:/sbin:/bin', ...keepMemory },
    });
    const ended = new Promise<string>((resolve) => {
      child.once('error', (error) => resolve(error.message));
      child.once('exit', (code, name) => resolve(`ended with ${name ?? code}`));
    });
    child.unref();
    await output.close();
    return { id: child.pid === undefined ? undefined : processId(child.pid), howItEnded: () => ended };
  }

  async complaintAbout(config: string): Promise<string | undefined> {
    const program = await this.#suitable();
    try {
      await run(program, checkArguments(config), { timeout: checkLimitMs, maxBuffer: 4 << 20 });
      return undefined;
    } catch (error) {
      const { stderr } = error as { stderr?: string };
      return firstAlert(stderr ?? '') ?? reasonOf(error);
    }
  }

  async listen(): Promise<() => Promise<string>> {
    const { log } = this.#layout;
    const from = await boundLog(log);
    return async () => ((await readText(log)) ?? '').slice(from);
  }

  checkCommand(config: string): string {
    return `haproxy -c -f ${config}`;
  }

  async clear(): Promise<void> {}

  async #suitable(): Promise<string> {
    if (this.#program !== undefined) return this.#program;
    const found = findProxy();
    await requireSuitable(found);
    this.#program = found;
    return found;
  }
}

/** The unprivileged user that Debian's package makes, when we are root and may become it. */
function trafficUser(): string | undefined {
  if (process.getuid?.() !== 0) return undefined;
  const has = (file: string) => /^haproxy:/m.test(readFileSync(file, 'utf8'));
  return has('/etc/passwd') && has('/etc/group') ? 'haproxy' : undefined;
}
