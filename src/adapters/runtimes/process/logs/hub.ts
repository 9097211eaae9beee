import { existsSync, readdirSync, rmSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { setImmediate as breathe } from 'node:timers/promises';
import type { InstanceSpec, LogLine } from '#model/instance.ts';
import type { LogQuery } from '#model/log-query.ts';
import type { Clock } from '#world/clock.ts';
import type { Home } from '../home.ts';
import type { StreamName } from './line.ts';
import { logOptionsOf } from './options.ts';
import { type LogSource, mergeByTime, Reader, readersFor } from './query.ts';
import { ServiceLog } from './service-log.ts';
import { Spool } from './spool.ts';

const keptMs = 30 * 24 * 3_600_000;

/** The output of one running instance on its way into its service's log. */
export interface Tap {
  catchUp(): void;
  /** Nothing writes any more: stores also an unfinished last line. */
  finish(): void;
  close(): void;
}

interface HubInput {
  readonly home: Home;
  readonly clock: Clock;
  readonly freeTool: string;
}

interface LiveTap extends Tap {
  readonly project: string;
  readonly service: string;
}

/** All logs of a home, and the taps that fill them. */
export class LogHub {
  readonly #input: HubInput;
  readonly #logs = new Map<string, ServiceLog>();
  readonly #taps = new Set<LiveTap>();
  readonly #followers = new Set<() => void>();

  constructor(input: HubInput) {
    this.#input = input;
  }

  /** Begins, or after a restart goes on, to store what the instance writes to `files`. */
  attach(instance: InstanceSpec, files: Readonly<Partial<Record<StreamName, string>>>): Tap {
    const { project, service } = instance;
    const log = this.#log(instance);
    const { clock, freeTool } = this.#input;
    const streams = Object.entries(files) as [StreamName, string][];
    const spools = streams.map(
      ([stream, path]) =>
        new Spool({ path, stream, instance: instance.id, release: instance.release, log, clock, freeTool }),
    );
    const all = (act: (spool: Spool) => void) => () => spools.forEach(act);
    const tap: LiveTap = {
      project,
      service,
      catchUp: all((spool) => spool.catchUp()),
      finish: all((spool) => spool.finish()),
      close: () => {
        for (const spool of spools) spool.close();
        this.#taps.delete(tap);
      },
    };
    this.#taps.add(tap);
    return tap;
  }

  /** The instance's output files are new ones. */
  forget(instance: InstanceSpec): void {
    this.#log(instance).forget(instance.id);
  }

  /** Answers a log query from the stored lines, over all releases in the order of time. */
  async *query(query: LogQuery, signal: AbortSignal): AsyncGenerator<LogLine> {
    const waker = new Waker();
    const wake = (): void => waker.wake();
    this.#followers.add(wake);
    signal.addEventListener('abort', wake);
    const alive = setInterval(() => undefined, 60_000);
    try {
      this.#catchUp(query);
      let readers = readersFor(this.#sources(query), query);
      let count = 0;
      for (const line of history(readers, query)) {
        yield line;
        // Thirty megabytes of history must not keep the daemon from its work.
        count += 1;
        if (count % 500 === 0) await breathe();
      }
      while (query.follow === true && !signal.aborted) {
        await waker.sleep();
        readers = [...readers, ...this.#newReaders(readers, query)];
        for (const line of mergeByTime(readers)) {
          if (signal.aborted) return;
          yield line;
        }
      }
    } finally {
      clearInterval(alive);
      signal.removeEventListener('abort', wake);
      this.#followers.delete(wake);
    }
  }

  /** Deletes the logs of services that run no more and to which nothing was added for thirty days. */
  prune(project: string, now: number): void {
    for (const { service, folder } of this.#sources({ project })) {
      const isTapped = [...this.#taps].some((tap) => tap.project === project && tap.service === service);
      if (isTapped || now - newestIn(folder) < keptMs) continue;
      this.#logs.get(folder)?.close();
      this.#logs.delete(folder);
      rmSync(folder, { recursive: true, force: true });
    }
  }

  close(): void {
    for (const tap of this.#taps) tap.close();
    for (const log of this.#logs.values()) log.close();
    this.#logs.clear();
  }

  #catchUp({ project, services }: LogQuery): void {
    for (const tap of this.#taps) {
      if (tap.project === project && (services?.includes(tap.service) ?? true)) tryCatchUp(tap);
    }
  }

  #log(instance: InstanceSpec): ServiceLog {
    const folder = this.#input.home.serviceLog(instance.project, instance.service);
    const options = logOptionsOf(instance.spec.service);
    const log = this.#logs.get(folder) ?? new ServiceLog(folder, options, () => this.#notify());
    log.options = options;
    this.#logs.set(folder, log);
    return log;
  }

  #notify(): void {
    for (const wake of this.#followers) wake();
  }

  #sources({ project, services }: LogQuery): LogSource[] {
    const { home } = this.#input;
    const parent = dirname(home.serviceLog(project, 'any'));
    const names = existsSync(parent) ? readdirSync(parent) : [];
    const wanted = services === undefined ? names : names.filter((name) => services.includes(name));
    return wanted.map((service) => ({ project, service, folder: home.serviceLog(project, service) }));
  }

  #newReaders(known: readonly Reader[], query: LogQuery): Reader[] {
    const folders = new Set(known.map((reader) => reader.source.folder));
    const fresh = this.#sources(query).filter((source) => !folders.has(source.folder));
    return fresh.map((source) => new Reader(source, query, { generation: 0, position: 0 }));
  }
}

function history(readers: readonly Reader[], { tail }: LogQuery): Iterable<LogLine> {
  const lines = mergeByTime(readers);
  return tail === undefined ? lines : tail === 0 ? [] : [...lines].slice(-tail);
}

function newestIn(folder: string): number {
  return Math.max(0, ...readdirSync(folder).map((name) => statSync(join(folder, name)).mtimeMs));
}

/** A full disk must not keep the stored lines from being read. */
function tryCatchUp(tap: Tap): void {
  try {
    tap.catchUp();
  } catch {
    // They are shown once there is room to store them.
  }
}

/** Lets one follower sleep until something was appended; an append while it is busy is not forgotten. */
class Waker {
  #pending = false;
  #resolve: (() => void) | undefined;

  wake(): void {
    this.#pending = true;
    this.#resolve?.();
  }

  async sleep(): Promise<void> {
    if (!this.#pending) {
      await new Promise<void>((resolve) => {
        this.#resolve = resolve;
      });
    }
    this.#resolve = undefined;
    this.#pending = false;
  }
}
