import type { ProjectEvent } from '#model/project-event.ts';
import type { Store } from '#world/store.ts';
import { type Database, json } from './database.ts';

type Part = Pick<Store, 'appendProjectEvent' | 'projectEvents' | 'pruneProjectEvents'>;

/**
 * What happened to projects.
 *
 * @param told as for the events of deployments: they need no sync
 */
export function projectEventRecords(told: Database): Part {
  return {
    appendProjectEvent: (event) =>
      told.run(
        'INSERT INTO project_event (project, time, service, json) VALUES (?, ?, ?, ?)',
        event.project,
        event.time,
        'service' in event ? event.service : null,
        JSON.stringify(event),
      ),
    projectEvents: ({ project, services, since = 0, until = Number.MAX_SAFE_INTEGER, tail = -1 }) =>
      told
        .all(
          `SELECT json FROM project_event
           WHERE project = ?1 AND time BETWEEN ?2 AND ?3
             AND (?4 = '[]' OR service IN (SELECT value FROM json_each(?4)))
           ORDER BY id DESC LIMIT ?5`,
          project,
          since,
          until,
          JSON.stringify(services),
          tail,
        )
        .map(json<ProjectEvent>)
        .reverse(),
    pruneProjectEvents: (project, { keep, before }) =>
      told.run(
        `DELETE FROM project_event WHERE project = ?1 AND (time < ?2 OR id <= (
           SELECT id FROM project_event WHERE project = ?1 ORDER BY id DESC LIMIT 1 OFFSET ?3))`,
        project,
        before,
        keep,
      ),
  };
}
