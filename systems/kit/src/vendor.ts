/*
 * Gives a snapshot of a system its own copy of the packages it needs, so that a later `npm install` in the working
 * tree changes no release. Run in the snapshot of `systems/` as `node kit/src/vendor.ts SYSTEM`; TIMONEL_CONTEXT names
 * the folder that the snapshot was taken from. Files are hard links where the file system allows, so it takes a
 * fraction of a second and no space.
 */
import { existsSync, readFileSync, realpathSync } from 'node:fs';
import { basename, dirname, join, relative, resolve, sep } from 'node:path';
import { linkPackage, linkWorkspace } from './vendor-files.ts';

type Manifest = {
  readonly dependencies?: Readonly<Record<string, string>>;
  readonly optionalDependencies?: Readonly<Record<string, string>>;
  readonly peerDependencies?: Readonly<Record<string, string>>;
};

/** Copies what `system` depends on from around `context` into `snapshot`; returns how many packages. */
export function vendor(parts: {
  readonly context: string;
  readonly snapshot: string;
  readonly system: string;
}): number {
  const context = realpathSync(parts.context);
  const done = new Set<string>();
  const waiting = [join(context, parts.system)];
  for (let requirer = waiting.pop(); requirer !== undefined; requirer = waiting.pop()) {
    for (const { name, required } of dependenciesOf(requirer)) {
      const found = findPackage(requirer, name);
      if (found === undefined && required) throw new Error(`${name}, which ${requirer} needs, is not installed`);
      if (found === undefined || done.has(found)) continue;
      done.add(found);
      const real = realpathSync(found);
      waiting.push(real);
      if (isOurs(real, context)) linkWorkspace(parts.snapshot, name, relative(context, real));
      else linkPackage(real, join(parts.snapshot, placeOf(found, context)));
    }
  }
  return done.size;
}

function dependenciesOf(folder: string): { readonly name: string; readonly required: boolean }[] {
  const manifest = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')) as Manifest;
  const required = Object.keys(manifest.dependencies ?? {});
  const optional = Object.keys({ ...manifest.optionalDependencies, ...manifest.peerDependencies });
  return [
    ...required.filter((name) => !optional.includes(name)).map((name) => ({ name, required: true })),
    ...optional.map((name) => ({ name, required: false })),
  ];
}

/** The folder that Node would load `name` from: the nearest `node_modules` upwards. */
function findPackage(from: string, name: string): string | undefined {
  for (let folder = from; ; folder = dirname(folder)) {
    const candidate = join(folder, 'node_modules', name);
    if (basename(folder) !== 'node_modules' && existsSync(join(candidate, 'package.json'))) return candidate;
    if (dirname(folder) === folder) return undefined;
  }
}

/** Where a package goes in the snapshot; a `node_modules` above the context becomes the snapshot's own. */
function placeOf(found: string, context: string): string {
  if (found.startsWith(context + sep)) return relative(context, found);
  return found.slice(found.indexOf(`${sep}node_modules${sep}`) + 1);
}

/** A folder of the context itself, which the snapshot already holds, and no installed package. */
function isOurs(path: string, context: string): boolean {
  return path.startsWith(context + sep) && !path.slice(context.length).includes(`${sep}node_modules${sep}`);
}

if (import.meta.main) {
  const [system] = process.argv.slice(2);
  const context = process.env.TIMONEL_CONTEXT;
  if (!system || !context) {
    process.stderr.write('usage: TIMONEL_CONTEXT=FOLDER node kit/src/vendor.ts SYSTEM\n');
    process.exit(2);
  }
  const count = vendor({ context, snapshot: resolve('.'), system });
  process.stdout.write(`${count} packages for ${system}\n`);
}
