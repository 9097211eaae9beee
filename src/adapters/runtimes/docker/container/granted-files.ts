import { chmod, chown, mkdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { GrantedFile } from '#model/spec.ts';
import type { ApiMount } from './api.ts';

/**
 * Writes an instance's secrets and configs where the engine can mount them from, each with the owner and mode that the
 * container sees. The folder is closed to everybody else, and the bytes never enter an image or a container's layer.
 */
export async function writeGrantedFiles(folder: string, files: readonly GrantedFile[]): Promise<readonly ApiMount[]> {
  if (files.length === 0) return [];
  await rm(folder, { recursive: true, force: true });
  await mkdir(folder, { recursive: true, mode: 0o700 });
  return Promise.all(files.map((file, index) => writeGrantedFile(join(folder, String(index)), file)));
}

/** Removes what `writeGrantedFiles` wrote. */
export async function removeGrantedFiles(folder: string): Promise<void> {
  await rm(folder, { recursive: true, force: true });
}

async function writeGrantedFile(path: string, file: GrantedFile): Promise<ApiMount> {
  await writeFile(path, Buffer.from(file.content, 'base64'), { mode: 0o600 });
  await chown(path, file.uid, file.gid);
  await chmod(path, file.mode);
  return { Type: 'bind', Source: path, Target: file.target, ReadOnly: true };
}
