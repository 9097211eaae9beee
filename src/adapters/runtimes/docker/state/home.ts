import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { readJson, writeJson } from './json-file.ts';

/** Folders and identity of a home's docker side. */
export interface DockerHome {
  /** Marks what is ours in an engine that other homes may use too. It moves with the home's folder. */
  readonly id: string;
  /** The block that services' addresses come from, once one was claimed. */
  readonly block: string | undefined;
  readonly root: string;
  readonly states: string;
  /** Secrets and configs of instances, one folder each. */
  readonly files: string;
  readonly logs: string;
}

interface Identity {
  readonly id: string;
  readonly block?: string;
}

/** Opens (or makes) the docker side of a home. */
export async function openDockerHome(home: string): Promise<DockerHome> {
  const root = join(home, 'docker');
  let known = await readJson<Identity>(identityFile(root));
  if (known === undefined) {
    known = { id: randomBytes(6).toString('hex') };
    await writeJson(identityFile(root), known);
  }
  return {
    id: known.id,
    block: known.block,
    root,
    states: join(root, 'projects'),
    files: join(root, 'files'),
    logs: join(root, 'logs'),
  };
}

/** Remembers the block that was claimed for the home, or that there is none any more. */
export async function recordBlock({ id, root }: DockerHome, block: string | undefined): Promise<void> {
  await writeJson(identityFile(root), (block === undefined ? { id } : { id, block }) satisfies Identity);
}

function identityFile(root: string): string {
  return join(root, 'home.json');
}
