import { readFile } from 'node:fs/promises';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { runHost } from '../host/command.ts';
import type { Reference } from './reference.ts';

/** Docker's own settings file, as far as it says who we are at a registry. */
interface DockerConfig {
  readonly auths?: Readonly<Record<string, { readonly auth?: string; readonly identitytoken?: string }>>;
  readonly credsStore?: string;
  readonly credHelpers?: Readonly<Record<string, string>>;
}

/** Under this name Docker's files keep the account at Docker Hub. */
const hubKey = 'https://index.docker.io/v1/';

/**
 * The header that lets the engine pull on the user's behalf: from `docker login`, by file or credential helper. Empty
 * when there is no account for the registry. The value goes to the engine only, never into a message.
 */
export async function registryAuth(reference: Reference): Promise<Record<string, string>> {
  const config = await readDockerConfig();
  const key = reference.registry === 'docker.io' ? hubKey : reference.registry;
  const account = (await fromHelper(config, key)) ?? fromFile(config, key);
  if (account === undefined) return {};
  return { 'X-Registry-Auth': Buffer.from(JSON.stringify({ ...account, serveraddress: key })).toString('base64url') };
}

async function readDockerConfig(): Promise<DockerConfig> {
  const folder = process.env.DOCKER_CONFIG ?? join(homedir(), '.docker');
  try {
    return JSON.parse(await readFile(join(folder, 'config.json'), 'utf8')) as DockerConfig;
  } catch {
    // No file, or one that Docker itself could not read: no account, and the registry's answer will say so.
    return {};
  }
}

async function fromHelper(config: DockerConfig, key: string): Promise<object | undefined> {
  const helper = config.credHelpers?.[key] ?? config.credsStore;
  if (helper === undefined) return undefined;
  const result = await runHost({ command: `docker-credential-${helper}`, args: ['get'], input: key });
  if (result.code !== 0) return undefined;
  const { Username, Secret } = JSON.parse(result.stdout) as { Username: string; Secret: string };
  return Username === '<token>' ? { identitytoken: Secret } : { username: Username, password: Secret };
}

function fromFile(config: DockerConfig, key: string): object | undefined {
  const entry = config.auths?.[key] ?? config.auths?.[`https://${key}`];
  if (entry?.identitytoken !== undefined) return { identitytoken: entry.identitytoken };
  const [username, ...password] = Buffer.from(entry?.auth ?? '', 'base64')
    .toString('utf8')
    .split(':');
  return username === undefined || password.length === 0 ? undefined : { username, password: password.join(':') };
}
