import { fail } from '#core/errors.ts';
import type { Clock } from '#world/clock.ts';
import type { Engine } from '../engine/client.ts';
import { refusalText } from '../engine/refusal.ts';
import { findImage } from './lookup.ts';
import { messagesOf } from './messages.ts';
import { PullProgress } from './pull-progress.ts';
import { parseReference, type Reference, taggedName } from './reference.ts';
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
  await pull(engine, clock, { ...request, name: pinned, reference, shown: request.source.reference });
  const image = await findImage(engine, pinned);
  if (image === undefined) throw fail('DOCKER_PULL_FAILED', { image: pinned, detail: 'no such image after the pull' });
  return { id: image.Id, pulled: pinned };
}

/**
 * Makes sure that an image is here under the name that it is asked for by, whatever its tag stands for now.
 *
 * @throws DOCKER_PULL_FAILED with the registry's words
 */
export async function obtainNamed(engine: Engine, clock: Clock, name: string): Promise<void> {
  if ((await findImage(engine, name)) !== undefined) return;
  const reference = parseReference(name);
  const full = reference.digest === undefined ? taggedName(reference) : name;
  const silently = { platform: undefined, progress: () => undefined, signal: new AbortController().signal };
  await pull(engine, clock, { name: full, reference, shown: name, ...silently });
}

interface Pull extends Omit<PullRequest, 'source'> {
  /** With its tag or digest. */
  readonly name: string;
  readonly reference: Reference;
  /** What its user calls it. */
  readonly shown: string;
}

async function pull(
  engine: Engine,
  clock: Clock,
  { name, reference, shown, platform, progress, signal }: Pull,
): Promise<void> {
  const what = `pull ${shown}`;
  const told = new PullProgress(shown, clock, progress);
  try {
    const stream = await engine.stream({
      what,
      method: 'POST',
      path: '/images/create',
      query: { fromImage: name, platform },
      headers: await registryAuth(reference),
      deadlineMs: engine.deadlines.silence,
      signal: AbortSignal.any([signal, AbortSignal.timeout(engine.deadlines.make)]),
    });
    for await (const message of messagesOf(stream, what, engine.deadlines.silence)) {
      if (message.error !== undefined) throw fail('DOCKER_PULL_FAILED', { image: shown, detail: message.error });
      told.add(message);
    }
  } catch (error) {
    signal.throwIfAborted();
    const said = refusalText(error);
    throw said === '' ? error : fail('DOCKER_PULL_FAILED', { image: shown, detail: said }, { cause: error });
  }
}
