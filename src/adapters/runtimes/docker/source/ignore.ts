import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import dockerignore from '@balena/dockerignore';

/** What of a build context is not sent. */
export interface Ignored {
  has(path: string): boolean;
  /** Must this folder, although left out, be looked into, because a later rule may take something in it back? */
  mayHold(path: string): boolean;
}

/**
 * Reads `DOCKERFILE.dockerignore`, else `.dockerignore`, as the builders do. The Dockerfile and the ignore file
 * themselves are always sent: the classic builder needs them.
 *
 * @param dockerfile path inside the context, or undefined when it stands outside or inline
 */
export function readIgnored(context: string, dockerfile: string | undefined): Ignored {
  const own = join(context, `${dockerfile ?? 'Dockerfile'}.dockerignore`);
  const path = existsSync(own) ? own : join(context, '.dockerignore');
  const text = existsSync(path) ? readFileSync(path, 'utf8').replace(/^\uFEFF/, '') : '';
  const patterns = text.split(/\r?\n/).filter((line) => !line.startsWith('#') && line.trim() !== '');
  const filter = dockerignore.default({ ignorecase: false }).add(patterns);
  const takesBack = patterns.some((line) => line.trim().startsWith('!'));
  const always = new Set(['.dockerignore', dockerfile]);
  return {
    has: (path) => !always.has(path) && filter.ignores(path),
    mayHold: (path) => takesBack || dockerfile?.startsWith(`${path}/`) === true,
  };
}
