import { existsSync, readFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import dockerignore from '@balena/dockerignore';

/** The package's types describe an ES module, its code is CommonJS: what is imported is already the function. */
const makeFilter = dockerignore as unknown as typeof dockerignore.default;

/** What of a context does not count. */
export interface Ignored {
  /** Is this path, relative to the context, left out? */
  has(path: string): boolean;
  /** Must this folder, although left out, be looked into, because a later rule may take something in it back? */
  mayHold(path: string): boolean;
}

interface IgnoreInput {
  readonly context: string;
  /** Path of the Dockerfile inside the context; its own ignore file wins over the context's. */
  readonly dockerfile: string;
  /** Paths outside our interest, absolute: the home. */
  readonly never: readonly string[];
  /** Folder of the Compose file. */
  readonly directory: string;
}

/** Where a package manager or git keeps what can be made again. */
const neverFolders = new Set(['node_modules', '.git']);

/** The Compose file itself says how the code runs, it is no part of it: changing a replica count makes no new code. */
const composeFile = /^(docker-)?compose(\.[\w.-]+)?\.ya?ml$/;

/** Reads `.dockerignore` by the rules of the builder it is named after. */
export function readIgnored({ context, dockerfile, never, directory }: IgnoreInput): Ignored {
  const own = join(context, `${dockerfile}.dockerignore`);
  const path = existsSync(own) ? own : join(context, '.dockerignore');
  const rules = existsSync(path)
    ? readFileSync(path, 'utf8')
        .replace(/^\uFEFF/, '')
        .split(/\r?\n/)
    : [];
  const patterns = rules.filter((line) => !line.startsWith('#') && line.trim() !== '');
  const filter = makeFilter({ ignorecase: false }).add(patterns);
  const takesBack = patterns.some((line) => line.trim().startsWith('!'));
  const forbidden = (path: string): boolean => {
    const absolute = join(context, path);
    if (neverFolders.has(basename(path)) || never.includes(absolute)) return true;
    return dirname(absolute) === directory && composeFile.test(basename(path));
  };
  return {
    has: (path) => forbidden(path) || filter.ignores(path),
    mayHold: (path) => takesBack && !forbidden(path),
  };
}
