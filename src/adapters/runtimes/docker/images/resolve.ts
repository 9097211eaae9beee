import { fail, reasonOf } from '#core/errors.ts';
import type { Source } from '#model/spec.ts';
import type { Engine } from '../engine/client.ts';
import { refusalText } from '../engine/refusal.ts';
import { knownPorts } from './known-ports.ts';
import { digestOf, findImage, type ImageAnswer, portsOf } from './lookup.ts';
import { parseReference, type Reference, taggedName } from './reference.ts';
import { registryAuth } from './registry-auth.ts';

export type ImageSource = Extract<Source, { kind: 'image' }>;

/** How long a registry may take to name a digest, milliseconds. */
const registryMs = 15_000;

/**
 * Pins an image: its tag's digest as the registry knows it now, or the local image where the file or the circumstances
 * say so. Reads only; nothing is pulled.
 *
 * - `pull_policy: never`: the local image or an error.
 * - `missing`: the local image, else the registry.
 * - `always` and the timed ones: the registry or an error.
 * - nothing said: the registry, so that a moved tag is noticed; the local image when the registry does not answer or
 *   the image was made here and never came from one.
 *
 * @throws DOCKER_IMAGE_UNKNOWN with what the registry said
 */
export async function resolveImage(engine: Engine, image: string, policy: string | undefined): Promise<ImageSource> {
  const reference = parseReference(image);
  const local = await findImage(engine, reference.digest === undefined ? taggedName(reference) : image);
  const source = (revision: string): ImageSource => ({
    kind: 'image',
    reference: image,
    revision,
    ports: knownPorts(reference) ?? (local === undefined ? [] : portsOf(local)),
  });
  if (reference.digest !== undefined) return source(reference.digest);
  if (prefersLocal(local, policy)) return source(localRevision(local, reference));
  if (policy === 'never') throw fail('DOCKER_IMAGE_UNKNOWN', { image, detail: 'pull_policy: never' });
  try {
    return source(await askRegistry(engine, reference));
  } catch (error) {
    const mayFallBack = policy === undefined && local !== undefined;
    if (mayFallBack) return source(localRevision(local, reference));
    throw fail('DOCKER_IMAGE_UNKNOWN', { image, detail: refusalText(error) || reasonOf(error) }, { cause: error });
  }
}

function prefersLocal(local: ImageAnswer | undefined, policy: string | undefined): local is ImageAnswer {
  if (local === undefined) return false;
  const wasMadeHere = (local.RepoDigests ?? []).length === 0;
  return (
    policy === 'never' || policy === 'missing' || policy === 'if_not_present' || (policy === undefined && wasMadeHere)
  );
}

/** The registry's digest where there is one, so that the release can be pulled again; else the image's own id. */
function localRevision(local: ImageAnswer, reference: Reference): string {
  return digestOf(local, reference) ?? local.Id;
}

async function askRegistry(engine: Engine, reference: Reference): Promise<string> {
  const answer = await engine.json<{ Descriptor: { digest: string } }>({
    what: `ask the registry for ${taggedName(reference)}`,
    method: 'GET',
    path: `/distribution/${taggedName(reference)}/json`,
    headers: await registryAuth(reference),
    deadlineMs: registryMs,
  });
  return answer.Descriptor.digest;
}
