import { fail, reasonOf } from '#core/errors.ts';

const timeoutMs = 15_000;

/** Kinds of manifest that a tag may stand for, lists first, so that the digest covers every platform. */
const manifestTypes = [
  'application/vnd.oci.image.index.v1+json',
  'application/vnd.docker.distribution.manifest.list.v2+json',
  'application/vnd.oci.image.manifest.v1+json',
  'application/vnd.docker.distribution.manifest.v2+json',
].join(', ');

/**
 * Asks a registry, without an account, for the digest behind a tag (the registry API's manifest request).
 *
 * @param image full name with registry and tag: `docker.io/library/nginx:1.27`
 * @returns `sha256:…`; throws REGISTRY_UNREACHABLE or REGISTRY_REFUSED
 */
export async function registryDigest(image: string): Promise<string> {
  const { registry, url } = manifestAddress(image);
  const answer = await ask(url, registry);
  const allowed = answer.status === 401 ? await askWithToken(answer, url, registry) : answer;
  const digest = allowed.headers.get('docker-content-digest');
  if (!allowed.ok || digest === null) throw fail('REGISTRY_REFUSED', { image, registry, status: allowed.status });
  return digest;
}

function manifestAddress(image: string): { readonly registry: string; readonly url: string } {
  const slash = image.indexOf('/');
  const named = image.slice(0, slash);
  const rest = image.slice(slash + 1);
  const colon = rest.lastIndexOf(':');
  const registry = named === 'docker.io' ? 'registry-1.docker.io' : named;
  const scheme = /^(localhost|127\.\d+\.\d+\.\d+)(:\d+)?$/.test(registry) ? 'http' : 'https';
  return { registry, url: `${scheme}://${registry}/v2/${rest.slice(0, colon)}/manifests/${rest.slice(colon + 1)}` };
}

async function ask(url: string, registry: string, token?: string): Promise<Response> {
  try {
    return await fetch(url, {
      method: 'HEAD',
      headers: { accept: manifestTypes, ...(token === undefined ? {} : { authorization: `Bearer ${token}` }) },
      signal: AbortSignal.timeout(timeoutMs),
    });
  } catch (error) {
    throw fail('REGISTRY_UNREACHABLE', { registry, reason: networkReason(error) }, { cause: error });
  }
}

/** Registries hand out tokens for public images to everybody; the refusal names the place. */
async function askWithToken(refusal: Response, url: string, registry: string): Promise<Response> {
  const challenge = refusal.headers.get('www-authenticate') ?? '';
  const field = (name: string): string | undefined => new RegExp(`${name}="([^"]*)"`).exec(challenge)?.[1];
  const realm = field('realm');
  if (realm === undefined || !/^Bearer /i.test(challenge)) return refusal;
  const place = new URL(realm);
  for (const name of ['service', 'scope']) place.searchParams.set(name, field(name) ?? '');
  const answer = await fetch(place, { signal: AbortSignal.timeout(timeoutMs) }).catch((error: unknown) => {
    throw fail('REGISTRY_UNREACHABLE', { registry: place.host, reason: networkReason(error) }, { cause: error });
  });
  if (!answer.ok) return refusal;
  const { token, access_token } = (await answer.json()) as { token?: string; access_token?: string };
  return ask(url, registry, token ?? access_token);
}

/** `fetch` hides what happened in the cause of its error. */
function networkReason(error: unknown): string {
  const cause = error instanceof Error ? error.cause : undefined;
  return reasonOf(cause ?? error);
}
