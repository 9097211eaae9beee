/** The parts of an image's name. */
export interface Reference {
  /** Registry host, `docker.io` where none is written. */
  readonly registry: string;
  /** Name without tag and digest, as written. */
  readonly name: string;
  /** Path in the registry, `library/redis`. */
  readonly repository: string;
  readonly tag: string | undefined;
  /** `sha256:...`, where the name pins one. */
  readonly digest: string | undefined;
}

/** Reads `redis`, `redis:7`, `ghcr.io/a/b:1@sha256:...`. The first part is a host when it looks like one. */
export function parseReference(text: string): Reference {
  const [beforeDigest = '', digest] = text.split('@');
  const lastSlash = beforeDigest.lastIndexOf('/');
  const colon = beforeDigest.indexOf(':', lastSlash + 1);
  const name = colon < 0 ? beforeDigest : beforeDigest.slice(0, colon);
  const tag = colon < 0 ? undefined : beforeDigest.slice(colon + 1);
  const [first = '', ...rest] = name.split('/');
  const hasHost = rest.length > 0 && (/[.:]/.test(first) || first === 'localhost');
  const path = hasHost ? rest.join('/') : name;
  const isOfficial = !hasHost && rest.length === 0;
  return {
    registry: hasHost ? first : 'docker.io',
    name,
    repository: isOfficial ? `library/${path}` : path,
    tag,
    digest,
  };
}

/** The name with a tag, as registries and engines want it. */
export function taggedName(reference: Reference): string {
  return `${reference.name}:${reference.tag ?? 'latest'}`;
}
