import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, mkdirSync, openSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { fail, reasonOf } from '#core/errors.ts';
import type { Home } from '#daemon/home.ts';
import { daemonEnvironment } from './daemon-environment.ts';
import { daemonFlags } from './daemon-flags.ts';

const startDeadlineMs = 30_000;
/** The daemon's own exit code for "another one holds this home". */
const alreadyRunsCode = 75;

const repository = join(import.meta.dirname, '../../..');
const entry = join(repository, 'bin/daemon.ts');
/** Code that was compiled before needs no TypeScript loader, which would stay in the daemon's memory. */
const compiled = join(repository, '.timonel/compiled');

export type Started = 'started' | 'other-runs';

/**
 * Starts a daemon of its own session, so that a closed terminal does not reach it, and waits for its word that the
 * socket is open. Throws CLI_DAEMON_FAILED with the last lines of its log when it ends or stays silent instead.
 */
export async function startDaemon(home: Home, env: Readonly<Record<string, string | undefined>>): Promise<Started> {
  const log = openLog(home);
  const before = statSync(home.log).size;
  const child = spawn(process.execPath, [...daemonFlags, entry], {
    cwd: '/',
    detached: true,
    env: { ...daemonEnvironment(env), NODE_COMPILE_CACHE: compiled },
    stdio: ['ignore', log, log, 'ipc'],
  });
  closeSync(log);
  const deadline = AbortSignal.timeout(startDeadlineMs);
  try {
    const outcome = await Promise.race([
      once(child, 'message', { signal: deadline }).then(() => 'ready' as const),
      once(child, 'exit', { signal: deadline }).then(([code]: unknown[]) => ({ code })),
    ]);
    if (outcome === 'ready') return 'started';
    if (outcome.code === alreadyRunsCode) return 'other-runs';
    throw fail('CLI_DAEMON_FAILED', { home: home.path, log: home.log, lines: lastLines(home.log, before) });
  } catch (error) {
    if (!deadline.aborted) throw error;
    throw fail('CLI_DAEMON_SILENT', {
      seconds: startDeadlineMs / 1000,
      log: home.log,
      lines: lastLines(home.log, before),
    });
  } finally {
    child.removeAllListeners();
    child.disconnect?.();
    child.unref();
  }
}

function openLog(home: Home): number {
  try {
    mkdirSync(home.path, { recursive: true, mode: 0o700 });
    return openSync(home.log, 'a', 0o600);
  } catch (error) {
    throw fail('DAEMON_HOME_UNUSABLE', { home: home.path, reason: reasonOf(error) }, { cause: error });
  }
}

/** What the log gained since this start, at most its last 15 lines. */
function lastLines(file: string, from: number): readonly string[] {
  const bytes = readFileSync(file);
  const gained = bytes.length >= from ? bytes.subarray(from) : bytes;
  return gained.toString('utf8').trimEnd().split('\n').slice(-15);
}
