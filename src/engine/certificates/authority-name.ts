import type { Authority } from '#model/certificate.ts';

/** The host of the authority's directory: short, and what a user knows it by. */
export function authorityName({ directory }: Pick<Authority, 'directory'>): string {
  return URL.canParse(directory) ? new URL(directory).host : directory;
}
