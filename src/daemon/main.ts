import { mkdirSync, readFileSync, rmSync } from 'node:fs';
import { fail, reasonOf, TimonelError } from '#core/errors.ts';
import { say, sayHint } from '#core/messages/say.ts';
import type { EdgeSettings } from './contract.ts';
import type { Door } from './door.ts';
import { type Home, homeOf } from './home.ts';
import { createJobs } from './jobs.ts';
import { type Log, openLog } from './log.ts';
import { MetricsListener } from './metrics-listener.ts';
import { openSocket } from './open-socket.ts';
import { settleEdgeSettings } from './settings.ts';
import { holdAlone } from './single-instance.ts';
import { readVersion } from './version.ts';
import { writeWhole } from './whole-file.ts';

/** What the composition root hands to the daemon. */
export interface Working extends Pick<Door, 'engine' | 'requirements' | 'fetchProxyImage' | 'metrics' | 'access'> {
  /** Stops supervising and lets go of everything; instances and proxy keep running. */
  close(): Promise<void>;
}

/** Exit code of a daemon that found another one at work, for the CLI that started both. */
export const alreadyRunsCode = 75;

/**
 * The daemon's life: take the home's lock, open the socket, bring back what should run, serve until SIGTERM. Instances
 * and proxy are not children of its life: they stay when it goes.
 */
export async function runDaemon(): Promise<void> {
  // Files that instances make should have the modes that they would have in a container, whoever starts the daemon.
  process.umask(0o022);
  const home = homeOf(process.env);
  try {
    const log = openHome(home);
    surviveStrayRejections(log);
    await live(home, log);
  } catch (error) {
    process.stderr.write(`${renderFailure(error)}\n`);
    process.exitCode = error instanceof TimonelError && error.code === 'DAEMON_ALREADY_RUNS' ? alreadyRunsCode : 1;
  }
}

function openHome(home: Home): Log {
  try {
    mkdirSync(home.path, { recursive: true, mode: 0o700 });
    return openLog(home.log, () => new Date());
  } catch (error) {
    throw fail('DAEMON_HOME_UNUSABLE', { home: home.path, reason: reasonOf(error) }, { cause: error });
  }
}

async function live(home: Home, log: Log): Promise<void> {
  const hold = holdAlone(home.lock);
  if (hold === undefined) throw fail('DAEMON_ALREADY_RUNS', { home: home.path, pid: recordedPid(home) });
  const settings = settleEdgeSettings(process.env, home.settings);
  const { compose } = await import('./wire.ts');
  const working = await compose({ home: home.path, settings, log });
  const metrics = metricsListener({ home, log, settings, working });
  const door = openDoor({ log, settings, working, metrics });
  const socket = await openSocket({ home, log, door });
  await metrics?.open();
  // Whoever reads the file may send the signal at once.
  const askedToStop = untilAskedToStop(log);
  writeWhole(home.pid, `${process.pid}\n`);
  log.info(`daemon ${door.version} serves ${home.socket}`);
  tellParent();
  await askedToStop;
  await socket.close();
  await metrics?.close();
  await working.close();
  rmSync(home.pid, { force: true });
  rmSync(home.socket, { force: true });
  hold.release();
  log.info('daemon ended; instances and proxy go on');
}

interface Parts {
  readonly log: Log;
  readonly settings: EdgeSettings;
  readonly working: Working;
}

function metricsListener({ home, log, settings, working }: Parts & { readonly home: Home }) {
  const { metricsAddress: address } = settings;
  return address === '' ? undefined : new MetricsListener({ address, door: working, log, logFile: home.log });
}

interface DoorParts extends Parts {
  readonly metrics: MetricsListener | undefined;
}

function openDoor({ log, settings, working, metrics }: DoorParts): Door {
  let recovering = true;
  const recovered = working.engine
    .recover()
    .catch((error: unknown) => log.error('recovery', error))
    .finally(() => {
      recovering = false;
    });
  return {
    ...working,
    settings,
    metricsListener: metrics,
    jobs: createJobs(log),
    version: readVersion(),
    startedAt: new Date(),
    recovered,
    isRecovering: () => recovering,
  };
}

/** The CLI that started us waits for this word; there is none under systemd. */
function tellParent(): void {
  if (process.send === undefined) return;
  process.send('ready', () => process.disconnect?.());
}

function untilAskedToStop(log: Log): Promise<void> {
  process.on('SIGHUP', () => log.info('SIGHUP ignored: the terminal went, the daemon stays'));
  return new Promise((resolve) => {
    for (const signal of ['SIGTERM', 'SIGINT'] as const) {
      process.once(signal, () => {
        log.info(`${signal}: ending`);
        resolve();
      });
    }
  });
}

/** A promise that nobody awaited must not end the supervision of everything that runs; it is logged as the bug it is. */
function surviveStrayRejections(log: Log): void {
  process.on('unhandledRejection', (reason) => log.error('unhandled rejection', reason));
  process.on('uncaughtException', (error) => {
    log.error('uncaught exception, the daemon ends', error);
    process.exit(1);
  });
}

function recordedPid(home: Home): string {
  try {
    return readFileSync(home.pid, 'utf8').trim();
  } catch {
    return '?';
  }
}

function renderFailure(error: unknown): string {
  if (!(error instanceof TimonelError)) return String(error instanceof Error ? error.stack : error);
  const hint = sayHint(error.said, 'en');
  return hint === undefined ? say(error.said, 'en') : `${say(error.said, 'en')}\n  ${hint}`;
}
