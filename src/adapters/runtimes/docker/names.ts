import type { Source } from '#model/spec.ts';

/** The container of an instance; ids are unique in a project and never used again. */
export function containerName(project: string, instance: string): string {
  return `${project}-${instance}`;
}

/** Our own tag on the image of a source: what a release needs is what carries our tag. */
export function imageTag(project: string, source: Pick<Source, 'revision'>): string {
  return `${imageRepository(project)}:${shortRevision(source)}`;
}

export function imageRepository(project: string): string {
  return `timonel/${project}`;
}

/** Enough of a revision to be unique: `sha256:` digests and build hashes alike. */
function shortRevision(source: Pick<Source, 'revision'>): string {
  return source.revision.replace(/^[a-z0-9]+:/, '').slice(0, 24);
}
