import { existsSync, realpathSync } from 'node:fs';
import { basename, dirname, join, resolve } from 'node:path';

/*
 * Where the process runtime keeps what, below the home:
 *
 *   process/              owner, address block, mount points made by us, the launcher's program
 *   projects/P/services   stable addresses of P's services
 *   projects/P/instances/ID/   record (what it is), state (how it is), hosts, files, output not yet read
 *   projects/P/sources/SERVICE-REVISION/   snapshots of code
 *   volumes/NAME/         named volumes, by their real names
 *   logs/P/SERVICE/       lines of all releases
 */

/** Paths of one home. */
export interface Home {
  readonly root: string;
  readonly process: string;
  readonly projects: string;
  readonly volumes: string;
  readonly logs: string;
  project(name: string): string;
  instances(project: string): string;
  instance(project: string, id: string): string;
  sources(project: string): string;
  serviceLog(project: string, service: string): string;
  volume(name: string): string;
}

/** The layout below `path`, which need not exist yet. Links in it are resolved: the kernel names files without them. */
export function layHome(path: string): Home {
  const root = withoutLinks(resolve(path));
  const projects = join(root, 'projects');
  const project = (name: string): string => join(projects, nameOf(name));
  const instances = (name: string): string => join(project(name), 'instances');
  return {
    root,
    process: join(root, 'process'),
    projects,
    volumes: join(root, 'volumes'),
    logs: join(root, 'logs'),
    project,
    instances,
    instance: (name, id) => join(instances(name), nameOf(id)),
    sources: (name) => join(project(name), 'sources'),
    serviceLog: (name, service) => join(root, 'logs', nameOf(name), nameOf(service)),
    volume: (name) => join(root, 'volumes', nameOf(name)),
  };
}

function withoutLinks(path: string): string {
  return existsSync(path) ? realpathSync(path) : join(withoutLinks(dirname(path)), basename(path));
}

/** Compose allows only harmless names; this is the last door before one becomes a path. */
function nameOf(name: string): string {
  if (!/^[a-zA-Z0-9_][a-zA-Z0-9_.-]*$/.test(name)) throw new Error(`not a name: ${JSON.stringify(name)}`);
  return name;
}
