import { relative } from 'node:path';
import type { Readable } from 'node:stream';
import tar from 'tar-fs';
import type { BuildInput } from '../source/build-source.ts';

/** Name of a Dockerfile that stands outside the context or in the Compose file itself. */
export const outsideDockerfile = '.timonel.dockerfile';

/**
 * The build context as the engine takes it: a tar of the files that count, owned by root, as `docker build` sends it.
 * Made while it is sent, so memory stays small whatever the size.
 */
export function packContext(input: BuildInput): Readable {
  const included = new Set(input.entries.map((entry) => entry.path));
  for (const path of [...included]) addParents(included, path);
  const pack = tar.pack(input.context, {
    ignore: (path) => {
      const inside = relative(input.context, path);
      return inside !== '' && !included.has(inside);
    },
    map: (header) => ({ ...header, uid: 0, gid: 0, uname: '', gname: '' }),
    ...(input.dockerfile.inContext === undefined ? { finalize: false, finish: withDockerfile(input) } : {}),
  });
  return pack as unknown as Readable;
}

function withDockerfile(input: BuildInput): (pack: tar.Pack) => void {
  return (pack) => {
    pack.entry({ name: outsideDockerfile }, input.dockerfile.text);
    pack.finalize();
  };
}

/** A file that an exception brought back needs its folders, although they are left out themselves. */
function addParents(included: Set<string>, path: string): void {
  for (let end = path.lastIndexOf('/'); end > 0; end = path.lastIndexOf('/', end - 1)) included.add(path.slice(0, end));
}
