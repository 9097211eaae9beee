import { fail } from '#core/errors.ts';
import { type Database, ensurePrivateFile, number, text } from './database.ts';
import { migrations } from './schema.ts';

/**
 * Brings the records to the format of this version. Before records that hold something are changed, a copy is kept at
 * `FILE.vN`, so that the older Timonel can be gone back to.
 *
 * @throws STORE_NEWER when a newer Timonel wrote them
 */
export function migrate(database: Database, file: string, steps: readonly string[] = migrations): void {
  const found = number(database.one('PRAGMA user_version') ?? {}, 'user_version');
  if (found > steps.length) throw fail('STORE_NEWER', { found, known: steps.length });
  if (found === steps.length) return;
  if (found > 0) keepCopy(database, `${file}.v${found}`);
  database.transaction(() => {
    for (const step of steps.slice(found)) database.exec(step);
    database.exec(`PRAGMA user_version = ${steps.length}`);
  });
}

/** VACUUM INTO writes into an empty file only, so each copy has a name of its own. */
function keepCopy(database: Database, name: string): void {
  const stamp = text(database.one("SELECT strftime('%Y%m%dT%H%M%f', 'now') AS stamp") ?? {}, 'stamp');
  const copy = `${name}-${stamp}`;
  ensurePrivateFile(copy);
  database.run('VACUUM INTO ?', copy);
}
