import { join } from 'node:path';
import { readJson, writeJson } from '../state/json-file.ts';
import { Lock } from '../state/lock.ts';
import type { Rebuilt } from './rebuilt.ts';

export interface Pulled {
  /** `NAME@DIGEST`. */
  readonly pinned: string;
  /** The tag that the pull moved to it, as `docker pull` does. */
  readonly tag: string;
}

/** What we must remember of images because they cannot carry a label. */
interface Entries {
  /** Ports that a revision was first found to have; they stay, so that knowing more later changes no release. */
  readonly ports: Readonly<Record<string, readonly number[]>>;
  /** Images that were not here before we pulled them. */
  readonly pulled: readonly Pulled[];
  /** By `PROJECT REVISION`: images that the classic builder left on its way. */
  readonly steps: Readonly<Record<string, readonly string[]>>;
  /** Builds that somebody wanted anew, oldest first. */
  readonly rebuilt: readonly Rebuilt[];
}

const empty: Entries = { ports: {}, pulled: [], steps: {}, rebuilt: [] };

/** The home's book of images. */
export class ImageLedger {
  readonly #file: string;
  readonly #lock = new Lock();
  #entries: Entries | undefined;

  constructor(folder: string) {
    this.#file = join(folder, 'images.json');
  }

  async read(): Promise<Entries> {
    this.#entries ??= { ...empty, ...(await readJson<Entries>(this.#file)) };
    return this.#entries;
  }

  /** Replaces the entries; one change at a time. */
  change(change: (entries: Entries) => Entries): Promise<void> {
    return this.#lock.run(async () => {
      const before = await this.read();
      const after = change(before);
      if (after === before) return;
      await writeJson(this.#file, after);
      this.#entries = after;
    });
  }

  /** The ports noted for a revision at first, or `found`, noted now. */
  async settlePorts(revision: string, found: readonly number[]): Promise<readonly number[]> {
    await this.change((entries) =>
      revision in entries.ports ? entries : { ...entries, ports: { ...entries.ports, [revision]: found } },
    );
    return (await this.read()).ports[revision] ?? found;
  }
}
