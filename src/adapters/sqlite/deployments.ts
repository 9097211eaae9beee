import type { Said } from '#core/messages/say.ts';
import type { DeploymentEvent } from '#model/event.ts';
import type { JournalEvent } from '#model/journal.ts';
import type { DeploymentKind, Plan } from '#model/plan.ts';
import type { DeploymentState } from '#model/status.ts';
import type { DeploymentRecord, Store } from '#world/store.ts';
import { type Database, json, number, optionalJson, optionalNumber, type Row, text } from './database.ts';

type Part = Pick<
  Store,
  | 'createDeployment'
  | 'setPlan'
  | 'endDeployment'
  | 'deployment'
  | 'lastDeployment'
  | 'unfinishedDeployments'
  | 'pruneDeployments'
  | 'appendJournal'
  | 'journal'
  | 'appendEvent'
  | 'events'
>;

/**
 * Deployments, what they wrote down, and what they told.
 *
 * @param told where events go: losing the last of them with the machine's power harms nobody, so they need no sync
 * @param holdRoom called before a deployment begins: what it will write must find room on the disk
 */
export function deploymentRecords(database: Database, told: Database, holdRoom: () => void): Part {
  return {
    createDeployment: (begin) => {
      holdRoom();
      return database.transaction(() => createDeployment(database, begin));
    },
    setPlan: (id, plan, planHash) =>
      database.run('UPDATE deployment SET plan = ?, plan_hash = ? WHERE id = ?', JSON.stringify(plan), planHash, id),
    endDeployment: (id, { state, reason, code, at }) =>
      database.run(
        'UPDATE deployment SET state = ?, reason = ?, code = ?, ended_at = ? WHERE id = ?',
        state,
        reason === undefined ? null : JSON.stringify(reason),
        code,
        at,
        id,
      ),
    deployment: (id) => optional(database.one('SELECT * FROM deployment WHERE id = ?', id)),
    lastDeployment: (project) =>
      optional(database.one('SELECT * FROM deployment WHERE project = ? ORDER BY number DESC LIMIT 1', project)),
    unfinishedDeployments: () =>
      database.all("SELECT * FROM deployment WHERE state = 'running' ORDER BY started_at, number").map(recordOf),
    pruneDeployments: (project, keep) => database.transaction(() => pruneDeployments(database, project, keep)),
    appendJournal: (id, event) => append(database, 'journal', id, event),
    journal: (id) => list<JournalEvent>(database, 'journal', id),
    appendEvent: (id, event) => append(told, 'event', id, event),
    events: (id) => list<DeploymentEvent>(database, 'event', id),
  };
}

function createDeployment(database: Database, begin: Parameters<Store['createDeployment']>[0]): string {
  const { project, kind, by, startedAt } = begin;
  const row = database.one(
    'UPDATE project SET last_deployment = last_deployment + 1 WHERE name = ? RETURNING last_deployment',
    project,
  );
  const position = number(row ?? {}, 'last_deployment');
  const id = `${project}-${position}`;
  database.run(
    'INSERT INTO deployment (id, project, number, kind, by_whom, started_at) VALUES (?, ?, ?, ?, ?, ?)',
    id,
    project,
    position,
    kind,
    by,
    startedAt,
  );
  return id;
}

function pruneDeployments(database: Database, project: string, keep: number): void {
  const old = database.all(
    `SELECT id FROM deployment WHERE project = ? AND state <> 'running'
     ORDER BY number DESC LIMIT -1 OFFSET ?`,
    project,
    keep,
  );
  for (const row of old) {
    const id = text(row, 'id');
    database.run('DELETE FROM journal WHERE deployment = ?', id);
    database.run('DELETE FROM event WHERE deployment = ?', id);
    database.run('DELETE FROM deployment WHERE id = ?', id);
  }
}

type Log = 'journal' | 'event';

function append(database: Database, log: Log, deployment: string, value: unknown): void {
  database.run(
    `INSERT INTO ${log} (deployment, position, json)
     VALUES (?1, (SELECT coalesce(max(position), 0) + 1 FROM ${log} WHERE deployment = ?1), ?2)`,
    deployment,
    JSON.stringify(value),
  );
}

function list<T>(database: Database, log: Log, deployment: string): readonly T[] {
  return database.all(`SELECT json FROM ${log} WHERE deployment = ? ORDER BY position`, deployment).map(json<T>);
}

function optional(row: Row | undefined): DeploymentRecord | undefined {
  return row === undefined ? undefined : recordOf(row);
}

function recordOf(row: Row): DeploymentRecord {
  return {
    id: text(row, 'id'),
    project: text(row, 'project'),
    kind: text(row, 'kind') as DeploymentKind,
    by: text(row, 'by_whom'),
    startedAt: number(row, 'started_at'),
    plan: optionalJson<Plan>(row, 'plan'),
    planHash: row.plan_hash === null ? undefined : text(row, 'plan_hash'),
    state: text(row, 'state') as DeploymentState,
    reason: optionalJson<Said>(row, 'reason'),
    endedAt: optionalNumber(row, 'ended_at'),
  };
}
