import { fail } from '#core/errors.ts';
import type { Clock } from '#world/clock.ts';
import type { Engine } from '../engine/client.ts';
import { refusalText } from '../engine/refusal.ts';
import { findImage } from './lookup.ts';
import { messagesOf } from './messages.ts';
import { PullProgress } from './pull-progress.ts';
import { parseReference, type Reference } from './reference.ts';
import { registryAuth } from './registry-auth.ts';
import type { ImageSource } from './resolve.ts';

interface PullRequest {
  readonly source: ImageSource;
  readonly platform: string | undefined;
  readonly progress: (line: string) => void;
  readonly signal: AbortSignal;
}

/**
 * Makes sure that the pinned image is here: pulls it by its digest, so that a tag moved in the meantime changes nothing.
 *
 * @returns the image's id, and the name it was pulled under when it was not here before
 * @throws DOCKER_PULL_FAILED with the registry's words
 */
export async function obtainImage(
  engine: Engine,
  clock: Clock,
  request: PullRequest,
): Promise<{ readonly id: string; readonly pulled: string | undefined }> {
  const reference = parseReference(request.source.reference);
  const pinned = `${reference.name}@${request.source.revision}`;
  const present = (await findImage(engine, pinned)) ?? (await findImage(engine, request.source.revision));
  if (present !== undefined) return { id: present.Id, pulled: undefined };
  await pull(engine, clock, { ...request, reference });
  const image = await findImage(engine, pinned);
  if (image === undefined) throw fail('DOCKER_PULL_FAILED', { image: pinned, detail: 'no such image after the pull' });
  return { id: image.Id, pulled: pinned };
}

async function pull(engine: Engine, clock: Clock, request: PullRequest & { reference: Reference }): Promise<void> {
  const { reference, source, platform, signal } = request;
  const what = `pull ${source.reference}`;
  const shown = new PullProgress(source.reference, clock, request.progress);
  try {
    const stream = await engine.stream({
      what,
      method: 'POST',
      path: '/images/create',
      query: { fromImage: `${reference.name}@${source.revision}`, platform },
      headers: await registryAuth(reference),
      deadlineMs: engine.deadlines.silence,
      signal: AbortSignal.any([signal, AbortSignal.timeout(engine.deadlines.make)]),
    });
    for await (const message of messagesOf(stream, what, engine.deadlines.silence)) {
      if (message.error !== undefined)
        throw fail('DOCKER_PULL_FAILED', { image: source.reference, detail: message.error });
      shown.add(message);
    }
  } catch (error) {
    signal.throwIfAborted();
    const said = refusalText(error);
    throw said === '' ? error : fail('DOCKER_PULL_FAILED', { image: source.reference, detail: said }, { cause: error });
  }
}
