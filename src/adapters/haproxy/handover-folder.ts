import { existsSync } from 'node:fs';
import { mkdir, readdir, rm } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import type { Layout } from './layout.ts';
import { readText, writeChanged } from './whole-file.ts';

/** Names the home that a folder below /run belongs to. */
const ownerFile = 'home';

/** Makes the folder of the sockets between workers. Takes away those of homes that were deleted, as nobody else would. */
export async function makeHandoverFolder({ handover, folder }: Layout): Promise<void> {
  if (handover === folder) return;
  if (!existsSync(handover)) await removeOrphans(dirname(handover));
  await mkdir(handover, { recursive: true, mode: 0o711 });
  await writeChanged(join(handover, ownerFile), `${folder}\n`);
}

async function removeOrphans(parent: string): Promise<void> {
  for (const name of await readdir(parent)) {
    if (!/^timonel-[0-9a-f]{12}$/.test(basename(name))) continue;
    const owner = await readText(join(parent, name, ownerFile));
    if (owner === undefined || existsSync(owner.trim())) continue;
    await rm(join(parent, name), { recursive: true, force: true });
  }
}
