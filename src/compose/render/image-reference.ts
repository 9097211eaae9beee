/**
 * The full name of an image, as registries know it: `nginx` is `docker.io/library/nginx:latest`. A digest stays, and
 * with it no tag is needed.
 */
export function fullImageName(image: string): string {
  const [named = '', digest] = image.split('@', 2);
  const slash = named.indexOf('/');
  const first = named.slice(0, Math.max(slash, 0));
  const hasRegistry = /[.:]/.test(first) || first === 'localhost';
  const registry = hasRegistry ? first : 'docker.io';
  const rest = hasRegistry ? named.slice(slash + 1) : named;
  const path = registry === 'docker.io' && !rest.includes('/') ? `library/${rest}` : rest;
  const colon = path.lastIndexOf(':');
  const hasTag = colon > path.lastIndexOf('/');
  if (digest !== undefined) return `${registry}/${hasTag ? path.slice(0, colon) : path}@${digest}`;
  return `${registry}/${hasTag ? path : `${path}:latest`}`;
}

/** Is the image named by its digest? */
export function isPinned(image: string): boolean {
  return image.includes('@');
}

/** The image pinned to a digest `sha256:…`. */
export function pinnedTo(image: string, digest: string): string {
  return fullImageName(`${image}@${digest}`);
}
