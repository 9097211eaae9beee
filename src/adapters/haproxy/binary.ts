import { execFile } from 'node:child_process';
import { accessSync, constants, readFileSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { promisify } from 'node:util';
import { fail, reasonOf } from '#core/errors.ts';

const run = promisify(execFile);

/** Debian keeps servers out of the PATH of ordinary users. */
const usualFolders = ['/usr/sbin', '/usr/local/sbin', '/sbin'];

/** Where HAProxy is installed. @throws PROXY_NOT_INSTALLED */
export function findProxy(path = process.env.PATH ?? '', usual: readonly string[] = usualFolders): string {
  const found = [...path.split(delimiter), ...usual]
    .filter((folder) => folder.startsWith('/'))
    .map((folder) => join(folder, 'haproxy'))
    .find(isProgram);
  if (found === undefined) throw fail('PROXY_NOT_INSTALLED', {});
  return found;
}

/**
 * Can this HAProxy do what Timonel needs: version 2.6, Lua for holds, OpenSSL for HTTPS?
 *
 * @throws PROXY_UNSUITABLE
 */
export async function requireSuitable(binary: string): Promise<void> {
  const { stdout } = await run(binary, ['-vv'], { timeout: 10_000 });
  const version = /version (\d+\.\d+)[^\s]*/.exec(stdout);
  const [major = 0, minor = 0] = (version?.[1] ?? '0.0').split('.').map(Number);
  const missing = [
    ...(major > 2 || (major === 2 && minor >= 6) ? [] : ['what came with version 2.6']),
    ...(/\bUSE_LUA=1|\+LUA\b/.test(stdout) ? [] : ['Lua']),
    ...(/\bUSE_OPENSSL=1|\+OPENSSL\b/.test(stdout) ? [] : ['OpenSSL']),
  ];
  if (missing.length > 0) {
    throw fail('PROXY_UNSUITABLE', { version: version?.[0] ?? '', missing: missing.join(', ') });
  }
}

/** Does HAProxy accept this file? Returns its first complaint, or undefined when it does. */
export async function complaintAbout(binary: string, config: string): Promise<string | undefined> {
  try {
    await run(binary, ['-c', '-W', '-f', config], { timeout: 30_000, maxBuffer: 4 << 20 });
    return undefined;
  } catch (error) {
    const { stderr } = error as { stderr?: string };
    return firstAlert(stderr ?? '') ?? reasonOf(error);
  }
}

/** The first line of the proxy's log that says what went wrong. */
export function firstAlert(log: string): string | undefined {
  return /^\[ALERT\]\s*(?:\(\d+\) : )?(.*)$/m.exec(log)?.[1]?.trim();
}

/** The unprivileged user that Debian's package makes, when we are root and may become it. */
export function trafficUser(): string | undefined {
  if (process.getuid?.() !== 0) return undefined;
  const has = (file: string) => /^haproxy:/m.test(readFileSync(file, 'utf8'));
  return has('/etc/passwd') && has('/etc/group') ? 'haproxy' : undefined;
}

/**
 * How many connections the proxy may promise. Each needs two descriptors, a reload hands over the listening ones, and
 * a promise beyond the limit makes the start fail although the configuration is valid.
 */
export function affordableConnections(): number {
  const line = /^Max open files\s+(\S+)\s+(\S+)/m.exec(readFileSync('/proc/self/limits', 'utf8'));
  const hard = line?.[2] === 'unlimited' ? Number.POSITIVE_INFINITY : Number(line?.[2] ?? 1024);
  return Math.max(100, Math.min(10_000, Math.floor((hard - 200) / 2.2)));
}

function isProgram(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
