import { join } from 'node:path';
import type { Engine } from '../engine/client.ts';
import { label } from '../labels.ts';
import type { DockerHome } from '../state/home.ts';
import { removeGrantedFiles } from './granted-files.ts';
import { listContainers } from './lookup.ts';
import { removeContainer } from './remove.ts';

interface Beside {
  readonly engine: Engine;
  readonly home: DockerHome;
  /** Names of the containers of runs that are under way here. */
  readonly runs: ReadonlySet<string>;
}

/** Removes one-off runs that a daemon of this home left behind when it died: who waited for them is gone with it. */
export async function removeLeftovers({ engine, home, runs }: Beside): Promise<void> {
  for (const one of await listContainers(engine, { [label.home]: home.id, [label.oneOff]: 'true' })) {
    const name = (one.Names[0] ?? '').slice(1);
    if (runs.has(name)) continue;
    await removeContainer({ engine }, one.Id);
    await removeGrantedFiles(join(home.files, one.Labels[label.project] ?? '', name));
  }
}
