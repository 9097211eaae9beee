import { setTimeout as wait } from 'node:timers/promises';
import { fail, reasonOf } from '#core/errors.ts';
import type { Code, FactsOf } from '#core/messages/catalogue.ts';
import type { Language } from '#core/messages/message.ts';
import type { EdgeSettings, Health } from '#daemon/contract.ts';
import { type Home, requireSocketPath } from '#daemon/home.ts';
import { readEdgeSettings } from '#daemon/settings.ts';
import { readVersion } from '#daemon/version.ts';
import { type Call, ConnectionLost, createHttpClient } from './http.ts';
import { isAlive } from './process-life.ts';

/** Tells the user something on the way; a warning unless said otherwise. */
export type Notice = <C extends Code>(code: C, facts: FactsOf<C>) => void;

/** The daemon of this home, started when it is needed. */
export interface DaemonClient {
  readonly home: Home;
  /** Who answers now; undefined when nobody does. Starts nothing. */
  find(): Promise<Health | undefined>;
  /** Who answers; starts a daemon where none runs, and replaces one of another version unless it is deploying. */
  ensure(): Promise<Health>;
  /** Ends the daemon and waits until it is gone. */
  stop(health: Health): Promise<void>;
  /** One answer, of a daemon that runs. */
  call<T>(call: Call): Promise<T>;
  /** Lines of an answer as they come, of a daemon that runs. */
  stream<T>(call: Call): AsyncGenerator<T>;
  /** After a connection was lost: forgets who answered, so that the next call looks again. */
  forget(): void;
}

export interface DaemonClientOptions {
  readonly home: Home;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly language: Language;
  readonly notice: Notice;
}

/** A start that takes longer is worth a word: the first one of a new version compiles the code. */
const silentStartMs = 1500;
const stopDeadlineMs = 20_000;
const otherStartDeadlineMs = 60_000;

export function createDaemonClient({ home, env, language, notice }: DaemonClientOptions): DaemonClient {
  const http = createHttpClient(home.socket, language);
  let present: Promise<Health> | undefined;

  const find = async (): Promise<Health | undefined> => {
    requireSocketPath(home);
    return http.call<Health>({ method: 'GET', path: '/health' }).catch((error: unknown) => {
      if (isNobody(error)) return undefined;
      if ((error as NodeJS.ErrnoException).code !== 'EACCES') throw error;
      throw fail('DAEMON_HOME_UNUSABLE', { home: home.path, reason: reasonOf(error) }, { cause: error });
    });
  };

  const start = async (): Promise<Health> => {
    // A wrong setting is the user's to correct, so it should not look like a daemon that fails.
    readEdgeSettings(env);
    const { startDaemon } = await import('./start-daemon.ts');
    const slow = setTimeout(() => notice('CLI_DAEMON_STARTING', { home: home.path }), silentStartMs);
    try {
      await startDaemon(home, env);
      return await awaitAnswer(find, home);
    } finally {
      clearTimeout(slow);
    }
  };

  const stop = async (health: Health): Promise<void> => {
    present = undefined;
    process.kill(health.pid, 'SIGTERM');
    const end = Date.now() + stopDeadlineMs;
    while (isAlive(health.pid)) {
      if (Date.now() > end) throw fail('CLI_DAEMON_WONT_STOP', { pid: health.pid, seconds: stopDeadlineMs / 1000 });
      await wait(20);
    }
  };

  const settle = async (): Promise<Health> => {
    const health = await find();
    if (health === undefined) return start();
    const wanted = readVersion();
    if (health.version === wanted) return health;
    if (health.deployments > 0 || health.recovering) {
      notice('CLI_DAEMON_OLDER', { running: health.version, wanted });
      return health;
    }
    notice('CLI_DAEMON_REPLACED', { running: health.version, wanted });
    await stop(health);
    return start();
  };

  const orderLost = (cause: unknown): Error => fail('CLI_ORDER_LOST', { home: home.path, log: home.log }, { cause });

  const ensure = (): Promise<Health> => {
    present ??= settle().then((health) => {
      warnOfSettings({ env, running: health.settings, notice });
      return health;
    });
    return present;
  };

  return {
    home,
    find,
    ensure,
    stop,
    async call<T>(call: Call): Promise<T> {
      await ensure();
      try {
        return await http.call<T>(call);
      } catch (error) {
        if (!isNobody(error)) throw error;
        present = undefined;
        // Whether it was carried out is not known, so it is not asked for twice; a question may be.
        if (call.method === 'POST') throw orderLost(error);
      }
      await ensure();
      return await http.call<T>(call);
    },
    async *stream<T>(call: Call): AsyncGenerator<T> {
      await ensure();
      try {
        yield* http.stream<T>(call);
      } catch (error) {
        throw call.method === 'POST' && isNobody(error) ? orderLost(error) : error;
      }
    },
    forget() {
      present = undefined;
    },
  };
}

/** Does `error` say that no daemon listens, or that it went away in the middle? */
export function isNobody(error: unknown): boolean {
  const code = (error as { code?: unknown } | undefined)?.code;
  return error instanceof ConnectionLost || absent.has(code);
}

const absent = new Set<unknown>(['ENOENT', 'ENOTDIR', 'ECONNREFUSED', 'EPIPE']);

/** Another command may have started the daemon at the same moment; then its socket opens within its start-up. */
async function awaitAnswer(find: () => Promise<Health | undefined>, home: Home): Promise<Health> {
  const end = Date.now() + otherStartDeadlineMs;
  for (;;) {
    const health = await find();
    if (health !== undefined) return health;
    if (Date.now() > end)
      throw fail('CLI_DAEMON_SILENT', { seconds: otherStartDeadlineMs / 1000, log: home.log, lines: [] });
    await wait(25);
  }
}

interface SettingsCheck {
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly running: EdgeSettings;
  readonly notice: Notice;
}

function warnOfSettings({ env, running, notice }: SettingsCheck): void {
  const wanted = readEdgeSettings(env);
  for (const name of [
    'httpPort',
    'httpsPort',
    'edgeAddress',
    'trustedProxies',
    'proxyImage',
    'metricsAddress',
  ] as const) {
    const value = wanted[name];
    if (value !== undefined && String(value) !== String(running[name])) {
      notice('CLI_SETTING_NOT_IN_USE', { setting: name, wanted: String(value), running: String(running[name]) });
    }
  }
}
