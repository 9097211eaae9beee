import { createReadStream, createWriteStream } from 'node:fs';
import { mkdir, readdir, rename, rm, stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { createInterface } from 'node:readline';
import { pipeline } from 'node:stream/promises';
import type { LogLine } from '#model/instance.ts';
import type { LogQuery } from '#model/log-query.ts';
import { isDiskFull } from '../../../disk-full.ts';
import type { StampedLine } from './lines.ts';

/** What is kept of a service's removed instances: as much as the engine keeps of a living one. */
const keptBytes = 30 * 1024 * 1024;
const keptMs = 14 * 24 * 3600 * 1000;

export interface ArchiveKey {
  readonly project: string;
  readonly service: string;
  readonly instance: string;
  readonly release: number;
}

/** Logs of instances whose containers are gone, one file each: `PROJECT/SERVICE/RELEASE-INSTANCE.jsonl`. */
export class LogArchive {
  readonly #folder: string;

  constructor(folder: string) {
    this.#folder = folder;
  }

  /**
   * Keeps a container's lines. Written beside and renamed, so that a crash leaves no half of a log. On a full disk they
   * are lost: a deployment that goes back must get rid of its instances.
   */
  async keep(key: ArchiveKey, lines: AsyncIterable<StampedLine>): Promise<void> {
    const path = this.#path(key);
    try {
      await mkdir(dirname(path), { recursive: true, mode: 0o700 });
      await pipeline(lines, textOf, createWriteStream(`${path}.new`, { mode: 0o600 }));
      await rename(`${path}.new`, path);
    } catch (error) {
      await rm(`${path}.new`, { force: true });
      if (!isDiskFull(error)) throw error;
    }
  }

  /** Which logs match a query, oldest release first. */
  async find(query: LogQuery): Promise<readonly ArchiveKey[]> {
    const services = query.services ?? (await entries(join(this.#folder, query.project)));
    const keys: ArchiveKey[] = [];
    for (const service of services) {
      for (const file of await entries(join(this.#folder, query.project, service))) {
        const key = keyOf(query.project, service, file);
        if (key !== undefined && matches(key, query)) keys.push(key);
      }
    }
    return keys.toSorted((a, b) => a.release - b.release);
  }

  async *read(key: ArchiveKey): AsyncGenerator<LogLine> {
    const lines = createInterface({ input: createReadStream(this.#path(key)), crlfDelay: Number.POSITIVE_INFINITY });
    for await (const line of lines) {
      const [time, stream, text] = JSON.parse(line) as [number, number, string];
      yield { ...key, time, stream: stream === 2 ? 'stderr' : 'stdout', text };
    }
  }

  /** Removes a project's logs that are too old, and the oldest of each service that keeps too many. */
  async prune(project: string, now: number): Promise<void> {
    for (const service of await entries(join(this.#folder, project))) {
      await this.#pruneService(join(this.#folder, project, service), now);
    }
  }

  async #pruneService(folder: string, now: number): Promise<void> {
    const files = await Promise.all(
      (await entries(folder)).map(async (name) => ({ path: join(folder, name), ...(await facts(join(folder, name))) })),
    );
    let total = 0;
    for (const file of files.toSorted((a, b) => b.changedAt - a.changedAt)) {
      total += file.size;
      if (total > keptBytes || now - file.changedAt > keptMs) await rm(file.path, { force: true });
    }
  }

  #path({ project, service, instance, release }: ArchiveKey): string {
    return join(this.#folder, project, service, `${release}-${instance}.jsonl`);
  }
}

export function matches(key: ArchiveKey, query: LogQuery): boolean {
  return (
    (query.services?.includes(key.service) ?? true) &&
    (query.instance === undefined || query.instance === key.instance) &&
    (query.release === undefined || query.release === key.release)
  );
}

function keyOf(project: string, service: string, file: string): ArchiveKey | undefined {
  const [, release, instance] = /^(\d+)-(.+)\.jsonl$/.exec(file) ?? [];
  return instance === undefined ? undefined : { project, service, instance, release: Number(release) };
}

async function entries(folder: string): Promise<readonly string[]> {
  return readdir(folder).catch(() => []);
}

async function facts(path: string): Promise<{ size: number; changedAt: number }> {
  const { size, mtimeMs } = await stat(path);
  return { size, changedAt: mtimeMs };
}

async function* textOf(lines: AsyncIterable<StampedLine>): AsyncGenerator<string> {
  for await (const { time, stream, text } of lines)
    yield `${JSON.stringify([time, stream === 'stderr' ? 2 : 1, text])}\n`;
}
