import { constants } from 'node:fs';
import { open, readFile, rename, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { writeFailure } from '../disk-full.ts';

/** What a file may grow by from one time to the next and still find its room, bytes. */
const slack = 16 * 1024;

/**
 * Writes a file so that a crash leaves the old or the new content, never a part of it. Mode 0600. Beside it stays
 * room for the next time: a disk that is full in the meantime must not keep traffic from going back.
 *
 * @throws RUNTIME_DISK_FULL
 */
export async function writeWhole(path: string, content: string): Promise<void> {
  try {
    await writeIntoRoom(path, content);
  } catch (error) {
    throw writeFailure(error, path);
  }
  await rename(roomOf(path), path);
  const folder = await open(dirname(path), 'r');
  try {
    await folder.sync();
  } finally {
    await folder.close();
  }
  await keepRoom(path, Buffer.byteLength(content) + slack);
}

function roomOf(path: string): string {
  return `${path}.room`;
}

/** Over what the room holds, not after emptying it: its room would be anybody's for a moment. */
async function writeIntoRoom(path: string, content: string): Promise<void> {
  const file = await open(roomOf(path), constants.O_WRONLY | constants.O_CREAT, 0o600);
  try {
    await file.writeFile(content);
    await file.truncate(Buffer.byteLength(content));
    await file.sync();
  } finally {
    await file.close();
  }
}

/** As far as there is room: the next write says it if there is too little. */
async function keepRoom(path: string, bytes: number): Promise<void> {
  await writeFile(roomOf(path), Buffer.alloc(bytes), { mode: 0o600 }).catch(() => undefined);
}

/** As `writeWhole`, but leaves a file alone that holds this content already. */
export async function writeChanged(path: string, content: string): Promise<void> {
  if ((await readText(path)) !== content) await writeWhole(path, content);
}

/** The file's text, or undefined when there is none. */
export async function readText(path: string): Promise<string | undefined> {
  try {
    return await readFile(path, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
}
