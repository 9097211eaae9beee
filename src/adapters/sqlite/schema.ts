/**
 * The format of the records, as the list of changes that led to it: number N brings a database of format N to N + 1.
 * Only ever append here.
 */
export const migrations: readonly string[] = [
  `
  CREATE TABLE project (
    name TEXT PRIMARY KEY,
    serving INTEGER,
    stopped INTEGER NOT NULL DEFAULT 0,
    last_release INTEGER NOT NULL DEFAULT 0,
    last_deployment INTEGER NOT NULL DEFAULT 0
  ) STRICT;
  CREATE TABLE release (
    project TEXT NOT NULL,
    number INTEGER NOT NULL,
    served INTEGER NOT NULL DEFAULT 0,
    json TEXT NOT NULL,
    PRIMARY KEY (project, number)
  ) STRICT;
  CREATE TABLE ordinal (
    project TEXT NOT NULL,
    service TEXT NOT NULL,
    release INTEGER NOT NULL,
    last INTEGER NOT NULL,
    PRIMARY KEY (project, service, release)
  ) STRICT;
  CREATE TABLE deployment (
    id TEXT PRIMARY KEY,
    project TEXT NOT NULL,
    number INTEGER NOT NULL,
    kind TEXT NOT NULL,
    by_whom TEXT NOT NULL,
    started_at INTEGER NOT NULL,
    plan TEXT,
    plan_hash TEXT,
    state TEXT NOT NULL DEFAULT 'running',
    reason TEXT,
    code INTEGER,
    ended_at INTEGER
  ) STRICT;
  CREATE INDEX deployment_by_project ON deployment (project, number);
  CREATE INDEX deployment_running ON deployment (state) WHERE state = 'running';
  CREATE TABLE journal (
    deployment TEXT NOT NULL,
    position INTEGER NOT NULL,
    json TEXT NOT NULL,
    PRIMARY KEY (deployment, position)
  ) STRICT, WITHOUT ROWID;
  CREATE TABLE event (
    deployment TEXT NOT NULL,
    position INTEGER NOT NULL,
    json TEXT NOT NULL,
    PRIMARY KEY (deployment, position)
  ) STRICT, WITHOUT ROWID;
  CREATE TABLE lock (
    project TEXT PRIMARY KEY,
    deployment TEXT NOT NULL,
    since INTEGER NOT NULL,
    by_whom TEXT NOT NULL
  ) STRICT;
  CREATE TABLE traffic (
    project TEXT NOT NULL,
    service TEXT NOT NULL,
    json TEXT NOT NULL,
    PRIMARY KEY (project, service)
  ) STRICT;
  CREATE TABLE parked (
    project TEXT NOT NULL,
    instance TEXT NOT NULL,
    service TEXT NOT NULL,
    release INTEGER NOT NULL,
    until INTEGER NOT NULL,
    PRIMARY KEY (project, instance)
  ) STRICT;
  `,
  `
  CREATE TABLE project_event (
    id INTEGER PRIMARY KEY,
    project TEXT NOT NULL,
    time INTEGER NOT NULL,
    service TEXT,
    json TEXT NOT NULL
  ) STRICT;
  CREATE INDEX project_event_by_project ON project_event (project, id);
  `,
];
