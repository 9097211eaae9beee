import type { Store } from '#world/store.ts';
import { Database, ensurePrivateFile } from './database.ts';
import { deploymentRecords } from './deployments.ts';
import { migrate } from './migrate.ts';
import { presentRecords } from './present.ts';
import { projectEventRecords } from './project-events.ts';
import { releaseRecords } from './releases.ts';
import { Reserve } from './reserve.ts';

interface Options {
  readonly file: string;
  /** `crash` for tests that write much: it survives a killed process, not the loss of power. */
  readonly durability?: 'full' | 'crash';
}

/**
 * Opens the records at `file`, making or migrating them. One process at a time may have them open; the daemon's lock
 * on its home sees to that.
 *
 * @throws STORE_FAILED, STORE_FULL, STORE_NEWER
 */
export function createStore({ file, durability = 'full' }: Options): Store {
  ensurePrivateFile(file);
  const database = new Database(file, durability);
  migrate(database, file);
  const told = new Database(file, 'crash');
  const reserve = new Reserve(database, file);
  return {
    transaction: (work) => database.transaction(work),
    ...releaseRecords(database),
    ...deploymentRecords(database, told, () => reserve.hold()),
    ...presentRecords(database),
    ...projectEventRecords(told),
    close: () => {
      told.close();
      database.close();
    },
  };
}
