import type { LockHolder } from '#model/event.ts';
import type { ServiceTraffic } from '#model/traffic.ts';
import type { Parked, Store } from '#world/store.ts';
import { type Database, json, number, type Row, text } from './database.ts';

type Part = Pick<Store, 'lock' | 'unlock' | 'lockHolder' | 'traffic' | 'setTraffic' | 'parked' | 'park' | 'unpark'>;

/** What is true now: who deploys, what the proxy carries, what is kept warm. */
export function presentRecords(database: Database): Part {
  const lockHolder = (project: string): LockHolder | undefined => {
    const row = database.one('SELECT * FROM lock WHERE project = ?', project);
    return row === undefined ? undefined : holderOf(row);
  };
  return {
    lockHolder,
    lock: (project, { deployment, since, by }) =>
      database.transaction(() => {
        const holder = lockHolder(project);
        if (holder !== undefined && holder.deployment !== deployment) return holder;
        database.run(
          'INSERT OR REPLACE INTO lock (project, deployment, since, by_whom) VALUES (?, ?, ?, ?)',
          project,
          deployment,
          since,
          by,
        );
        return undefined;
      }),
    unlock: (project, deployment) =>
      database.run('DELETE FROM lock WHERE project = ? AND deployment = ?', project, deployment),

    traffic: () => allTraffic(database),
    setTraffic: (project, service, traffic) =>
      traffic === undefined
        ? database.run('DELETE FROM traffic WHERE project = ? AND service = ?', project, service)
        : database.run(
            'INSERT OR REPLACE INTO traffic (project, service, json) VALUES (?, ?, ?)',
            project,
            service,
            JSON.stringify(traffic),
          ),

    parked: () => database.all('SELECT * FROM parked ORDER BY until').map(parkedOf),
    park: ({ project, instance, service, release, until }) =>
      database.run(
        'INSERT OR REPLACE INTO parked (project, instance, service, release, until) VALUES (?, ?, ?, ?, ?)',
        project,
        instance,
        service,
        release,
        until,
      ),
    unpark: (project, instance) =>
      database.run('DELETE FROM parked WHERE project = ? AND instance = ?', project, instance),
  };
}

function allTraffic(database: Database): Record<string, Record<string, ServiceTraffic>> {
  const projects: Record<string, Record<string, ServiceTraffic>> = {};
  for (const row of database.all('SELECT * FROM traffic ORDER BY project, service')) {
    const services = projects[text(row, 'project')] ?? {};
    projects[text(row, 'project')] = services;
    services[text(row, 'service')] = json<ServiceTraffic>(row);
  }
  return projects;
}

function holderOf(row: Row): LockHolder {
  return {
    deployment: text(row, 'deployment'),
    since: number(row, 'since'),
    by: text(row, 'by_whom'),
    step: undefined,
  };
}

function parkedOf(row: Row): Parked {
  return {
    project: text(row, 'project'),
    service: text(row, 'service'),
    instance: text(row, 'instance'),
    release: number(row, 'release'),
    until: number(row, 'until'),
  };
}
