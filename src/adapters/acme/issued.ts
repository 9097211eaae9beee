import { join } from 'node:path';
import { fingerprint } from '#core/hash.ts';

/** Where this home keeps what authorities gave it. */
export function acmeFolder(home: string): string {
  return join(home, 'acme');
}

/** The file of a host's issued certificate with its key; each authority has its own, so a change of it orders anew. */
export function issuedFile(folder: string, host: string, directory: string): string {
  return join(folder, 'certificates', `${fileName(host)}-${fingerprint(directory)}.pem`);
}

/** A host as part of a file's name: no shell and no HAProxy command takes it for a pattern. */
export function fileName(host: string): string {
  return host.replace('*', '+');
}
