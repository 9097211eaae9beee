import type { Engine } from '../engine/client.ts';
import { wasRefused } from '../engine/refusal.ts';
import type { Reference } from './reference.ts';

/** `GET /images/NAME/json`, as far as we read it. */
export interface ImageAnswer {
  readonly Id: string;
  readonly RepoTags: readonly string[] | null;
  readonly RepoDigests: readonly string[] | null;
  readonly Size: number;
  readonly Config: {
    readonly ExposedPorts?: Readonly<Record<string, object>> | null;
    readonly Volumes?: Readonly<Record<string, object>> | null;
    readonly Labels?: Readonly<Record<string, string>> | null;
    readonly Env?: readonly string[] | null;
    readonly Cmd?: readonly string[] | null;
    readonly Entrypoint?: readonly string[] | null;
    readonly User?: string;
  } | null;
}

/** The local image with this name, tag, digest or id, or undefined. */
export async function findImage(engine: Engine, name: string): Promise<ImageAnswer | undefined> {
  try {
    return await engine.json<ImageAnswer>({
      what: `inspect image ${name}`,
      method: 'GET',
      path: imagePath(name, 'json'),
    });
  } catch (error) {
    if (wasRefused(error, 404, 400)) return undefined;
    throw error;
  }
}

/** Image names hold slashes and colons, which this part of the API takes as they are. */
export function imagePath(name: string, ...rest: readonly string[]): string {
  return ['/images', name, ...rest].join('/');
}

/** The digest under which a registry knows a local image, where it came from one. */
export function digestOf(image: ImageAnswer, reference: Reference): string | undefined {
  const own = (image.RepoDigests ?? []).find((entry) => entry.startsWith(`${reference.name}@`));
  return own?.slice(own.indexOf('@') + 1);
}

/** TCP ports that the image exposes. */
export function portsOf(image: ImageAnswer): readonly number[] {
  return Object.keys(image.Config?.ExposedPorts ?? {})
    .filter((port) => !port.includes('/') || port.endsWith('/tcp'))
    .map((port) => Number.parseInt(port, 10))
    .toSorted((a, b) => a - b);
}

/** Removes a tag or an image, never by force: one that a container uses stays, and goes with a later pruning. */
export async function removeImage(engine: Engine, name: string): Promise<boolean> {
  try {
    await engine.json({ what: `remove image ${name}`, method: 'DELETE', path: imagePath(name) });
    return true;
  } catch (error) {
    if (wasRefused(error, 404)) return true;
    if (wasRefused(error, 409)) return false;
    throw error;
  }
}
