import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { versionOf } from './installed.ts';
import { type Installed, majorOf, type Provider, type ProviderContext } from './provider.ts';

/** Where Debian keeps one folder for each major version. */
const versionsFolder = '/usr/lib/postgresql';
const dataFolder = '/var/lib/postgresql/data';
const socketFolder = '/var/run/postgresql';

/**
 * `postgres` images by the machine's own server. The first start makes the cluster, the database, the account and runs
 * /docker-entrypoint-initdb.d as the image documents; later ones only start it.
 */
export const postgres: Provider = {
  name: 'postgres',
  packages: ['postgresql'],
  ports: [5432],
  // Fast shutdown; SIGTERM would wait for every client to leave.
  stopSignal: 'SIGINT',
  environment: {
    POSTGRES_PASSWORD: 'password of the superuser; required unless the method is trust; or POSTGRES_PASSWORD_FILE',
    POSTGRES_USER: 'superuser made at the first start, postgres by default; or POSTGRES_USER_FILE',
    POSTGRES_DB: 'database made at the first start, named as the user by default; or POSTGRES_DB_FILE',
    POSTGRES_INITDB_ARGS: 'further arguments of initdb; or POSTGRES_INITDB_ARGS_FILE',
    POSTGRES_HOST_AUTH_METHOD: 'how clients over the network are checked, scram-sha-256 by default',
    PGDATA: 'folder of the cluster, /var/lib/postgresql/data by default',
  },
  matches: ({ name }) => name === 'postgres',
  find(tag) {
    const found = majorsIn(versionsFolder);
    const wanted = majorOf(tag);
    const major = found.find((one) => one === wanted) ?? found[0];
    return major === undefined ? undefined : installedIn(join(versionsFolder, String(major), 'bin'));
  },
  start(context) {
    const data = context.spec.environment.PGDATA ?? defaultData(context);
    return {
      argv: argvOf(context),
      cwd: '/',
      account: 'postgres',
      environment: { PGDATA: data, PGPORT: String(context.port) },
      owns: [dataFolder, data],
      folders: [socketFolder],
      wrappers: {},
    };
  },
};

/** Newest first. */
function majorsIn(folder: string): number[] {
  const names = existsSync(folder) ? readdirSync(folder) : [];
  const usable = names.filter((name) => /^\d+$/.test(name) && existsSync(join(folder, name, 'bin', 'postgres')));
  return usable.map(Number).toSorted((a, b) => b - a);
}

function installedIn(folder: string): Installed | undefined {
  const version = versionOf(join(folder, 'postgres'), /(\d+(?:\.\d+)*)/);
  return version === undefined ? undefined : { folder, version };
}

/** Since version 18 the image's volume is the folder above, with one folder a version in it. */
function defaultData(context: ProviderContext): string {
  if (context.isMounted(dataFolder)) return dataFolder;
  if (context.isMounted('/var/lib/postgresql')) {
    return `/var/lib/postgresql/${majorOf(context.installed.version) ?? 0}/docker`;
  }
  return join(context.privateFolder, 'data');
}

function argvOf(context: ProviderContext): readonly string[] {
  const { entrypoint, command } = context.spec.service;
  const words = [...(entrypoint ?? []), ...(command ?? [])].filter((word) => word !== 'docker-entrypoint.sh');
  const [first] = words;
  if (first !== undefined && first !== 'postgres' && !first.startsWith('-')) return words;
  const flags = first === 'postgres' ? words.slice(1) : words;
  const { address, port, installed } = context;
  // Last, so that they win: on every address of the machine it would meet its neighbours.
  const place = [
    '-c',
    `listen_addresses=${address}`,
    '-c',
    `port=${port}`,
    '-c',
    `unix_socket_directories=${socketFolder}`,
  ];
  const program = join(installed.folder, 'postgres');
  return ['/bin/sh', '-c', firstStart(), 'postgres', socketFolder, program, ...flags, ...place];
}

let script: string | undefined;

/** The shell text that makes a cluster where there is none, and then becomes the server. */
function firstStart(): string {
  script ??= readFileSync(fileURLToPath(import.meta.resolve('./postgres-start.sh')), 'utf8');
  return script;
}
