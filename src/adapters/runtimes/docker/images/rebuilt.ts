import { fingerprint } from '#core/hash.ts';

/**
 * A build that was made anew: same input, another image. It has a revision of its own, so that a release that runs the
 * image from before can still be gone back to.
 */
export interface Rebuilt {
  readonly project: string;
  /** For whom it was built first; services with the same input share it. */
  readonly service: string;
  /** The revision of the input, which is what the files give. */
  readonly input: string;
  readonly revision: string;
  /** Build arguments that are not the file's. */
  readonly args: Readonly<Record<string, string>>;
}

/** The name of an image that this input gave when it was built anew. */
export function rebuiltRevision(input: string, image: string): string {
  return `build:${fingerprint([input, image])}`;
}

/** What an input stands for now: what was last built of it. */
export function latestRevision(all: readonly Rebuilt[], project: string, input: string): string {
  return all.findLast((one) => one.project === project && one.input === input)?.revision ?? input;
}

/** The input that a revision was built of, and with what beside the file. */
export function originOf(all: readonly Rebuilt[], project: string, revision: string): Pick<Rebuilt, 'input' | 'args'> {
  const found = all.findLast((one) => one.project === project && one.revision === revision);
  return found ?? { input: revision, args: {} };
}

/** Of a project those that may still be wanted: of kept releases, and of each service the newest, which waits for its deployment. */
export function wantedRebuilt(all: readonly Rebuilt[], project: string, kept: ReadonlySet<string>): readonly Rebuilt[] {
  const own = all.filter((one) => one.project === project);
  const newest = new Map(own.map((one) => [one.service, one]));
  return own.filter((one) => kept.has(one.revision) || newest.get(one.service) === one);
}
