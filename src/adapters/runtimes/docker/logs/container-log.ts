import type { Readable } from 'node:stream';
import type { ContainerInspected } from '../container/api.ts';
import { pathOf } from '../engine/call.ts';
import type { Engine } from '../engine/client.ts';
import { wasRefused } from '../engine/refusal.ts';
import { linesOf, type StampedLine } from './lines.ts';

export interface ContainerLogOptions {
  /** Milliseconds since the epoch. */
  readonly since?: number | undefined;
  readonly tail?: number | undefined;
  readonly follow?: boolean | undefined;
  readonly signal?: AbortSignal | undefined;
}

/** Lines of a container's log, running or not. A container that is gone, or whose driver keeps nothing, has none. */
export async function* containerLog(
  engine: Engine,
  container: ContainerInspected,
  options: ContainerLogOptions,
): AsyncGenerator<StampedLine> {
  const stream = await openLog(engine, container, options);
  if (stream === undefined) return;
  try {
    yield* linesOf(stream, container.Config.Tty ? 'terminal' : 'streams');
  } catch (error) {
    // Called off by the reader, or the engine went away in the middle: the log ends here.
    if (options.follow !== true) throw error;
  } finally {
    stream.destroy();
  }
}

async function openLog(
  engine: Engine,
  container: ContainerInspected,
  { since, tail, follow, signal }: ContainerLogOptions,
): Promise<Readable | undefined> {
  try {
    return await engine.stream({
      what: `read the log of ${container.Name.slice(1)}`,
      method: 'GET',
      path: pathOf('containers', container.Id, 'logs'),
      query: {
        stdout: true,
        stderr: true,
        timestamps: true,
        follow: follow === true,
        since: since === undefined ? undefined : (since / 1000).toFixed(3),
        tail: tail === undefined ? undefined : String(tail),
      },
      ...(signal === undefined ? {} : { signal }),
    });
  } catch (error) {
    // 404 and 409: gone or going; 501 and 500: a log driver that cannot be read.
    if (wasRefused(error, 404, 409, 500, 501)) return undefined;
    throw error;
  }
}
