import { dirname } from 'node:path';
import { findProgram, systemPath } from '../tools.ts';
import { versionOf } from './installed.ts';
import type { Installed, Provider, ProviderContext } from './provider.ts';

const dataFolder = '/data';

/**
 * `redis` and `valkey` images by the machine's own server. As in the image: the data folder is /data, flags may stand
 * alone or behind `redis-server`, and protected mode is off, because only the project's services reach the address.
 */
export const redis: Provider = {
  name: 'redis',
  packages: ['redis-server'],
  ports: [6379],
  stopSignal: 'SIGTERM',
  environment: {},
  matches: ({ name }) => name === 'redis' || name === 'valkey/valkey' || name === 'valkey',
  find: () => installedAs('redis') ?? installedAs('valkey'),
  start(context) {
    return {
      argv: argvOf(context),
      cwd: context.isMounted(dataFolder) ? dataFolder : context.privateFolder,
      account: 'redis',
      environment: {},
      owns: [dataFolder],
      folders: [],
      wrappers: wrappersOf(context),
    };
  },
};

function installedAs(name: 'redis' | 'valkey'): Installed | undefined {
  const program = findProgram(`${name}-server`, systemPath);
  if (program === undefined) return undefined;
  const version = versionOf(program, /v=(\d+(?:\.\d+)*)/);
  return version === undefined ? undefined : { folder: dirname(program), version };
}

function programOf({ installed }: ProviderContext, suffix: string): string {
  const found = ['redis', 'valkey'].map((name) => findProgram(`${installed.folder}/${name}-${suffix}`, ''));
  return found.find((path) => path !== undefined) ?? `${installed.folder}/redis-${suffix}`;
}

const serverNames = new Set(['redis-server', 'valkey-server']);

/** Any other command (a shell line, a sentinel) runs as it stands and meets the server through its wrapper. */
function argvOf(context: ProviderContext): readonly string[] {
  const { entrypoint, command } = context.spec.service;
  const words = [...(entrypoint ?? []), ...(command ?? [])].filter((word) => word !== 'docker-entrypoint.sh');
  const server = programOf(context, 'server');
  const [first] = words;
  if (first === undefined) return [server, ...placeFlags(context, [])];
  // The image's entrypoint puts the server in front of flags and of a configuration file.
  const bare = first.startsWith('-') || first.endsWith('.conf');
  if (!bare && !serverNames.has(first)) return words;
  const flags = bare ? words : words.slice(1);
  return [server, ...flags, ...placeFlags(context, flags)];
}

/** Last, so that they win over a configuration file that binds every address of the machine. */
function placeFlags({ address }: ProviderContext, given: readonly string[]): string[] {
  const mode = given.includes('--protected-mode') ? [] : ['--protected-mode', 'no'];
  return [...mode, '--bind', address];
}

function wrappersOf(context: ProviderContext): Record<string, string> {
  const { address, port } = context;
  const server = `exec ${programOf(context, 'server')} "$@" ${placeFlags(context, []).join(' ')}`;
  const client = `exec ${programOf(context, 'cli')} -h ${address} -p ${port} "$@"`;
  return {
    'redis-server': server,
    'valkey-server': server,
    'redis-cli': client,
    'valkey-cli': client,
  };
}
