import { constants, existsSync, mkdirSync, readdirSync, rmSync, statfsSync } from 'node:fs';
import { chmod, copyFile, mkdir, rename, rm, symlink } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { fail } from '#core/errors.ts';
import type { ServiceSpec, Source } from '#model/spec.ts';
import type { ProjectRef } from '#world/runtime.ts';
import { diskError } from '../atomic-file.ts';
import type { Home } from '../home.ts';
import { type ContextEntry, hashContext, listContext, sizeOf } from './context.ts';
import { readIgnored } from './ignore.ts';
import { treeSeed } from './resolve.ts';
import { runSetup } from './setup.ts';

type Tree = Extract<Source, { kind: 'tree' }>;

export interface SnapshotInput {
  readonly home: Home;
  readonly spec: ServiceSpec;
  readonly source: Tree;
  readonly project: ProjectRef;
  readonly progress: (line: string) => void;
  readonly signal: AbortSignal;
}

const draftMark = '.draft-';

/** Where a service's code of this revision stands. */
export function snapshotPath(home: Home, project: string, service: string, source: Tree): string {
  return join(home.sources(project), `${service}-${source.revision}`);
}

/**
 * Copies the context and runs the setup commands in the copy. The copy gets its name only when all that has gone well,
 * so a half-made one is never used, and one that is there needs nothing more.
 *
 * @throws RUNTIME_CONTEXT_CHANGED when the files are no longer those of the revision
 */
export async function makeSnapshot(input: SnapshotInput): Promise<void> {
  const { home, spec, source, project, signal } = input;
  const final = snapshotPath(home, project.name, spec.name, source);
  if (existsSync(final)) return;
  if (!existsSync(source.context)) {
    throw fail('RUNTIME_CONTEXT_MISSING', { service: spec.name, context: source.context });
  }
  const dockerfile = spec.service.build?.dockerfile ?? 'Dockerfile';
  const { context } = source;
  const ignored = readIgnored({ context, dockerfile, never: [home.root], directory: project.directory });
  const entries = await listContext(context, { ignored, signal });
  const draft = join(dirname(final), `${draftMark}${spec.name}-${source.revision}-${process.pid}`);
  mkdirSync(dirname(final), { recursive: true, mode: 0o700 });
  requireRoom(dirname(final), sizeOf(entries));
  try {
    rmSync(draft, { recursive: true, force: true });
    await copyContext({ context, draft, entries, signal });
    const revision = await hashContext(draft, { entries, seed: treeSeed(spec.process), signal });
    if (revision !== source.revision) throw fail('RUNTIME_CONTEXT_CHANGED', { service: spec.name, context });
    await runSetup({ ...input, folder: draft });
    await rename(draft, final);
  } catch (error) {
    await rm(draft, { recursive: true, force: true });
    throw diskError(error, final);
  }
}

/** Copies that a crash left behind. */
export function removeDrafts(folder: string): void {
  if (!existsSync(folder)) return;
  for (const name of readdirSync(folder)) {
    if (name.startsWith(draftMark)) rmSync(join(folder, name), { recursive: true, force: true });
  }
}

interface CopyInput {
  readonly context: string;
  readonly draft: string;
  readonly entries: readonly ContextEntry[];
  readonly signal: AbortSignal;
}

/** Shares blocks with the original where the file system can; never links, so that neither changes with the other. */
async function copyContext({ context, draft, entries, signal }: CopyInput): Promise<void> {
  await mkdir(draft, { mode: 0o755 });
  const made = new Set<string>();
  for (const entry of entries) {
    signal.throwIfAborted();
    const target = join(draft, entry.path);
    if (!made.has(dirname(target))) await mkdir(dirname(target), { recursive: true, mode: 0o755 });
    made.add(dirname(target));
    if (entry.kind === 'link') await symlink(entry.content, target);
    else if (entry.kind === 'folder') await mkdir(target, { recursive: true, mode: entry.mode | 0o700 });
    else {
      await copyFile(join(context, entry.path), target, constants.COPYFILE_FICLONE);
      await chmod(target, entry.mode);
    }
  }
}

/** Twice the size: setup will add to it. */
function requireRoom(folder: string, size: number): void {
  const { bavail, bsize } = statfsSync(folder);
  const free = bavail * bsize;
  if (free < size * 2) throw fail('RUNTIME_NO_ROOM', { folder, free, needed: size * 2 });
}
