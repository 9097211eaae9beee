import type { Release } from '#model/release.ts';
import type { ProjectRecord, Store } from '#world/store.ts';
import { type Database, json, number, optionalNumber, type Row, text } from './database.ts';

type Part = Pick<
  Store,
  | 'projects'
  | 'project'
  | 'ensureProject'
  | 'setStopped'
  | 'nextReleaseNumber'
  | 'saveRelease'
  | 'release'
  | 'releases'
  | 'setServing'
  | 'deleteReleases'
  | 'releaseNumbers'
  | 'lastOrdinal'
  | 'setLastOrdinal'
>;

/** Projects, their releases, and the numbers that are never given twice. */
export function releaseRecords(database: Database): Part {
  return {
    projects: () => database.all('SELECT * FROM project ORDER BY name').map(projectOf),
    project: (name) => optional(database.one('SELECT * FROM project WHERE name = ?', name), projectOf),
    ensureProject: (name) => database.run('INSERT INTO project (name) VALUES (?) ON CONFLICT DO NOTHING', name),
    setStopped: (project, stopped) =>
      database.run('UPDATE project SET stopped = ? WHERE name = ?', stopped ? 1 : 0, project),

    nextReleaseNumber: (project) =>
      (optionalNumber(database.one('SELECT last_release FROM project WHERE name = ?', project) ?? {}, 'last_release') ??
        0) + 1,
    saveRelease: (release) => saveRelease(database, release),
    release: (project, wanted) =>
      optional(
        database.one('SELECT json FROM release WHERE project = ? AND number = ?', project, wanted),
        json<Release>,
      ),
    releases: (project) =>
      database
        .all('SELECT json FROM release WHERE project = ? AND served = 1 ORDER BY number DESC', project)
        .map(json<Release>),
    setServing: (project, served) =>
      database.transaction(() => {
        database.run('UPDATE release SET served = 1 WHERE project = ? AND number = ?', project, served);
        database.run('UPDATE project SET serving = ?, stopped = 0 WHERE name = ?', served, project);
      }),
    deleteReleases: (project, numbers) =>
      database.transaction(() => {
        for (const one of numbers) {
          database.run('DELETE FROM release WHERE project = ? AND number = ?', project, one);
          database.run('DELETE FROM ordinal WHERE project = ? AND release = ?', project, one);
        }
      }),
    releaseNumbers: (project) =>
      database
        .all('SELECT number FROM release WHERE project = ? ORDER BY number', project)
        .map((row) => number(row, 'number')),

    lastOrdinal: (project, service, release) =>
      optionalNumber(
        database.one(
          'SELECT last FROM ordinal WHERE project = ? AND service = ? AND release = ?',
          project,
          service,
          release,
        ) ?? {},
        'last',
      ) ?? 0,
    setLastOrdinal: (project, service, release, last) =>
      database.run(
        `INSERT INTO ordinal (project, service, release, last) VALUES (?, ?, ?, ?)
         ON CONFLICT DO UPDATE SET last = max(last, excluded.last)`,
        project,
        service,
        release,
        last,
      ),
  };
}

function saveRelease(database: Database, release: Release): void {
  database.transaction(() => {
    database.run(
      'INSERT INTO release (project, number, json) VALUES (?, ?, ?)',
      release.project,
      release.number,
      JSON.stringify(release),
    );
    database.run(
      'UPDATE project SET last_release = max(last_release, ?) WHERE name = ?',
      release.number,
      release.project,
    );
  });
}

function projectOf(row: Row): ProjectRecord {
  return { name: text(row, 'name'), serving: optionalNumber(row, 'serving'), stopped: number(row, 'stopped') === 1 };
}

function optional<T>(row: Row | undefined, read: (row: Row) => T): T | undefined {
  return row === undefined ? undefined : read(row);
}
