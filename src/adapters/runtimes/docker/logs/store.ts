import type { LogLine } from '#model/instance.ts';
import type { LogQuery } from '#model/log-query.ts';
import type { ContainerInspected } from '../container/api.ts';
import type { Containers } from '../container/containers.ts';
import type { Engine } from '../engine/client.ts';
import { label } from '../labels.ts';
import type { ProjectStates } from '../state/project-state.ts';
import type { EventHub } from '../watch/hub.ts';
import { type ArchiveKey, LogArchive, matches } from './archive.ts';
import { containerLog } from './container-log.ts';
import { lastOf, mergeByTime } from './merge.ts';
import { Queue } from './queue.ts';

interface Options {
  readonly engine: Engine;
  readonly homeId: string;
  readonly folder: string;
  readonly events: EventHub;
  readonly states: ProjectStates;
  readonly containers: Containers;
}

/** A container whose log is asked for. */
interface Living {
  readonly key: ArchiveKey;
  readonly container: ContainerInspected;
}

/**
 * Logs over all releases. The engine keeps those of living containers; when an instance is removed its log moves into
 * the home, so that it outlives the container. Nothing is copied while a service runs.
 */
export class LogStore {
  readonly #options: Options;
  readonly #archive: LogArchive;

  constructor(options: Options) {
    this.#options = options;
    this.#archive = new LogArchive(options.folder);
  }

  /** Keeps the log of a container that is about to be removed. */
  async keep(container: ContainerInspected): Promise<void> {
    const key = keyOf(container);
    if (key === undefined) return;
    await this.#archive.keep(key, containerLog(this.#options.engine, container, {}));
  }

  prune(project: string, now: number): Promise<void> {
    return this.#archive.prune(project, now);
  }

  async *read(query: LogQuery, signal: AbortSignal): AsyncGenerator<LogLine> {
    const living = await this.#living(query);
    const seen = new Map<string, string>();
    yield* this.#history(query, living, seen);
    if (query.follow === true && !signal.aborted) yield* this.#follow(query, living, seen, signal);
  }

  /** What was written up to now. `seen` gets the stamp of each container's last line. */
  async *#history(query: LogQuery, living: readonly Living[], seen: Map<string, string>): AsyncGenerator<LogLine> {
    const alive = new Set(living.map(({ key }) => key.instance));
    const archived = (await this.#archive.find(query)).filter((key) => !alive.has(key.instance));
    const { since, tail } = query;
    const merged = mergeByTime([
      ...archived.map((key) => newer(this.#archive.read(key), since)),
      ...living.map((one) => newer(this.#lines(one, { since, tail }, seen), since)),
    ]);
    if (tail === undefined) yield* merged;
    else yield* await lastOf(merged, tail);
  }

  async *#follow(
    query: LogQuery,
    living: readonly Living[],
    seen: Map<string, string>,
    signal: AbortSignal,
  ): AsyncGenerator<LogLine> {
    const queue = new Queue<LogLine>();
    const reading = new Set<string>();
    const attach = async (one: Living): Promise<void> => {
      if (reading.has(one.container.Id)) return;
      reading.add(one.container.Id);
      for await (const line of this.#lines(one, { follow: true, signal, since: sinceOf(seen, one) }, seen))
        queue.push(line);
      reading.delete(one.container.Id);
    };
    const attachQuietly = (one: Living) => void attach(one).catch(() => reading.delete(one.container.Id));
    // Instances of a new release, and those that start again, join while we follow.
    const stopListening = this.#options.events.listen(async (event) => {
      if (event.kind !== 'start' || event.project !== query.project) return;
      const container = await this.#options.containers.inspect(event.container).catch(() => undefined);
      const key = container === undefined ? undefined : keyOf(container);
      if (container !== undefined && key !== undefined && matches(key, query)) attachQuietly({ key, container });
    });
    const end = () => queue.end();
    signal.addEventListener('abort', end, { once: true });
    try {
      for (const one of living) attachQuietly(one);
      yield* queue;
    } finally {
      stopListening();
      signal.removeEventListener('abort', end);
    }
  }

  /** A container's lines after the last one that was seen. */
  async *#lines(
    { key, container }: Living,
    options: Parameters<typeof containerLog>[2],
    seen: Map<string, string>,
  ): AsyncGenerator<LogLine> {
    const after = seen.get(container.Id) ?? '';
    for await (const { stamp, time, stream, text } of containerLog(this.#options.engine, container, options)) {
      if (stamp <= after) continue;
      seen.set(container.Id, stamp);
      yield { ...key, time, stream, text };
    }
  }

  async #living(query: LogQuery): Promise<readonly Living[]> {
    const { containers, homeId, states } = this.#options;
    if (!(await states.isKnown(query.project))) return [];
    const listed = await containers.list({ [label.home]: homeId, [label.project]: query.project });
    const inspected = await Promise.all(listed.map((one) => containers.inspect(one.Id)));
    return inspected.flatMap((container) => {
      const key = container === undefined ? undefined : keyOf(container);
      return container === undefined || key === undefined || !matches(key, query) ? [] : [{ key, container }];
    });
  }
}

function sinceOf(seen: ReadonlyMap<string, string>, { container }: Living): number | undefined {
  const stamp = seen.get(container.Id);
  return stamp === undefined ? undefined : Date.parse(`${stamp.slice(0, 23)}Z`);
}

async function* newer(lines: AsyncIterable<LogLine>, since: number | undefined): AsyncGenerator<LogLine> {
  for await (const line of lines) if (since === undefined || line.time >= since) yield line;
}

function keyOf(container: ContainerInspected): ArchiveKey | undefined {
  const labels = container.Config.Labels ?? {};
  const [project, service, instance] = [labels[label.project], labels[label.service], labels[label.instance]];
  if (project === undefined || service === undefined || instance === undefined) return undefined;
  return { project, service, instance, release: Number(labels[label.release]) };
}
