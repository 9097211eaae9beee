import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, mkdirSync, openSync, readFileSync, statSync } from 'node:fs';
import { fail, reasonOf } from '#core/errors.ts';
import { compiledCode, secondStart } from '#daemon/compile-first.ts';
import type { Home } from '#daemon/home.ts';
import { daemonProgram } from '#daemon/program.ts';
import { daemonEnvironment } from './daemon-environment.ts';

const startDeadlineMs = 60_000;
/** The daemon's own exit code for "another one holds this home". */
const alreadyRunsCode = 75;

export type Started = 'started' | 'other-runs';

/**
 * Starts a daemon of its own session, so that a closed terminal does not reach it, and waits for its word that the
 * socket is open. Throws CLI_DAEMON_FAILED with the last lines of its log when it ends or stays silent instead.
 */
export async function startDaemon(home: Home, env: Readonly<Record<string, string | undefined>>): Promise<Started> {
  const given = { ...daemonEnvironment(env), ...daemonProgram.env };
  const first = await startOnce(home, given);
  const outcome = first === 'compiled' ? await startOnce(home, secondStart(given)) : first;
  return outcome === 'compiled' ? 'other-runs' : outcome;
}

async function startOnce(home: Home, env: Readonly<Record<string, string>>): Promise<Started | 'compiled'> {
  const log = openLog(home);
  const before = statSync(home.log).size;
  const child = spawn(process.execPath, [...daemonProgram.flags, daemonProgram.entry], {
    cwd: '/',
    detached: true,
    env,
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
    if (outcome.code === compiledCode) return 'compiled';
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
    if (child.connected) child.disconnect();
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
