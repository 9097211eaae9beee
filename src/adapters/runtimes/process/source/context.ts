import { createHash, type Hash } from 'node:crypto';
import { closeSync, lstatSync, openSync, readdirSync, readlinkSync, readSync } from 'node:fs';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { fail } from '#core/errors.ts';
import type { Ignored } from './ignore.ts';

/*
 * A context with its packages is thousands of small files, and each is looked at for every plan. Asked one by one through
 * promises they cost four times what the system takes, so they are asked directly, a few at a time between the
 * daemon's other work. The daemon runs without the optimising compilers: paths are joined by hand and one buffer serves
 * all, which halves the rest.
 */

/** One thing in a context. `content` of a link is where it points to. */
export type ContextEntry =
  | { readonly kind: 'file'; readonly path: string; readonly mode: number; readonly size: number }
  | { readonly kind: 'folder'; readonly path: string; readonly mode: number }
  | { readonly kind: 'link'; readonly path: string; readonly content: string };

export const contextLimits = { bytes: 1024 ** 3, files: 100_000 };

/**
 * Everything in a context that counts, in the order of its paths. Sockets and devices do not.
 *
 * @throws RUNTIME_CONTEXT_TOO_LARGE naming what is largest, before more is read
 */
export async function listContext(
  context: string,
  { ignored, signal }: { readonly ignored: Ignored; readonly signal: AbortSignal },
): Promise<readonly ContextEntry[]> {
  const entries: ContextEntry[] = [];
  const measure = new Measure(context);
  const visit = async (folder: string): Promise<void> => {
    signal.throwIfAborted();
    await nextTurn();
    for (const name of readdirSync(folder === '' ? context : `${context}/${folder}`).toSorted()) {
      const path = folder === '' ? name : `${folder}/${name}`;
      const entry = entryAt(context, path);
      if (entry === undefined) continue;
      const left = ignored.has(path);
      if (!left) {
        entries.push(entry);
        measure.add(entry);
      }
      if (entry.kind === 'folder' && (!left || ignored.mayHold(path))) await visit(path);
    }
  };
  await visit('');
  return entries;
}

function entryAt(context: string, path: string): ContextEntry | undefined {
  const place = `${context}/${path}`;
  const found = lstatSync(place);
  const mode = found.mode & 0o777;
  if (found.isFile()) return { kind: 'file', path, mode, size: found.size };
  if (found.isDirectory()) return { kind: 'folder', path, mode };
  return found.isSymbolicLink() ? { kind: 'link', path, content: readlinkSync(place) } : undefined;
}

class Measure {
  readonly #context: string;
  readonly #byTop = new Map<string, number>();
  #bytes = 0;
  #files = 0;

  constructor(context: string) {
    this.#context = context;
  }

  add(entry: ContextEntry): void {
    const size = entry.kind === 'file' ? entry.size : 0;
    const top = entry.path.split('/')[0] ?? '';
    this.#bytes += size;
    this.#files += 1;
    this.#byTop.set(top, (this.#byTop.get(top) ?? 0) + size);
    if (this.#bytes <= contextLimits.bytes && this.#files <= contextLimits.files) return;
    const largest = [...this.#byTop].toSorted((a, b) => b[1] - a[1])[0]?.[0] ?? '';
    const facts = { context: this.#context, bytes: this.#bytes, files: this.#files, largest };
    throw fail('RUNTIME_CONTEXT_TOO_LARGE', facts);
  }
}

export function sizeOf(entries: readonly ContextEntry[]): number {
  return entries.reduce((sum, entry) => sum + (entry.kind === 'file' ? entry.size : 0), 0);
}

/** Hashes path, mode and content of every entry; `seed` is what else makes the result different. */
export async function hashContext(
  root: string,
  {
    entries,
    seed,
    signal,
  }: { readonly entries: readonly ContextEntry[]; readonly seed: string; readonly signal: AbortSignal },
): Promise<string> {
  const hash = createHash('sha256').update(seed);
  const buffer = Buffer.allocUnsafe(bufferBytes);
  for (const [index, entry] of entries.entries()) {
    signal.throwIfAborted();
    if (index % filesPerTurn === 0) await nextTurn();
    // A folder that counts only because of what is in it has no revision of its own.
    if (entry.kind === 'folder') continue;
    if (entry.kind === 'link') hash.update(`\0link\0${entry.path}\0${entry.content}`);
    else {
      hash.update(`\0file\0${entry.path}\0${entry.mode.toString(8)}\0${entry.size}\0`);
      await addContent(hash, `${root}/${entry.path}`, buffer);
    }
  }
  return hash.digest('hex').slice(0, 16);
}

const filesPerTurn = 16;
const bufferBytes = 256 * 1024;

async function addContent(hash: Hash, path: string, buffer: Buffer): Promise<void> {
  const file = openSync(path, 'r');
  try {
    for (let size = readSync(file, buffer); size > 0; size = readSync(file, buffer)) {
      hash.update(buffer.subarray(0, size));
      if (size === buffer.length) await nextTurn();
    }
  } finally {
    closeSync(file);
  }
}
