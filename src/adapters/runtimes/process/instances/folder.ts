import { join } from 'node:path';

/** What stands in the folder of one instance. */
export interface InstanceFolder {
  readonly path: string;
  /** What it is: written once. */
  readonly record: string;
  /** How it is: written at each change. */
  readonly state: string;
  readonly stdout: string;
  readonly stderr: string;
  /** hosts and resolv.conf; the instance sees the folder, so that one can be mounted again from there. */
  readonly etc: string;
  readonly hosts: string;
  readonly resolver: string;
  /** Secrets and configs. */
  readonly files: string;
  /** What it wrote over its code. */
  readonly layer: string;
  /** Its own data, where its service has no volume for it. */
  readonly data: string;
  /** Programs in front of its PATH. */
  readonly bin: string;
  /** Folders of a provider. */
  readonly folders: string;
  /** Empty: the launcher builds its cover there. */
  readonly stage: string;
}

export function instanceFolder(path: string): InstanceFolder {
  const at = (name: string): string => join(path, name);
  return {
    path,
    record: at('record.json'),
    state: at('state.json'),
    stdout: at('stdout'),
    stderr: at('stderr'),
    etc: at('etc'),
    hosts: at('etc/hosts'),
    resolver: at('etc/resolv.conf'),
    files: at('files'),
    layer: at('layer'),
    data: at('data'),
    bin: at('bin'),
    folders: at('folders'),
    stage: at('stage'),
  };
}
