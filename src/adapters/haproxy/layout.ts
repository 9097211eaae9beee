import { createHash } from 'node:crypto';
import { join } from 'node:path';
import { fail } from '#core/errors.ts';

/** Where the proxy of a home keeps its files. */
export interface Layout {
  /** Tells this home's things from those of other homes on the machine, where they have to stand side by side. */
  readonly mark: string;
  readonly folder: string;
  readonly config: string;
  /** Checked before it takes the place of `config`. */
  readonly draft: string;
  /** The table that was applied last, so that a proxy that died comes back with it. */
  readonly table: string;
  readonly master: string;
  readonly masterSocket: string;
  readonly statsSocket: string;
  readonly log: string;
  /** Names the container that the proxy was started in last; not there when it was a program of the host. */
  readonly container: string;
  readonly holdScript: string;
  readonly policyScript: string;
  readonly breakerMap: string;
  readonly credentialMap: string;
  readonly holdMap: string;
  readonly canaryMap: string;
  readonly certificateList: string;
  /** Tokens of certificate authorities and the answers to them. */
  readonly challengeMap: string;
  readonly certificates: string;
  readonly maps: string;
  /**
   * Folder of the sockets between workers. A proxy started by root gives up root for its traffic and could not reach
   * into a private home, so theirs is outside. Abstract sockets would not do: a proxy cannot pause them, and a reload
   * that fails would end the worker that serves.
   */
  readonly handover: string;
}

/** The kernel's `sun_path`, less its closing zero; HAProxy adds `.PID.tmp` while it binds. */
const socketPathLimit = 107 - '.4194304.tmp'.length;

/** @throws PROXY_HOME_TOO_LONG when the sockets' paths do not fit the system */
export function layoutOf(home: string): Layout {
  const isRoot = process.getuid?.() === 0;
  const folder = join(home, 'haproxy');
  const mark = createHash('sha256').update(home).digest('hex').slice(0, 12);
  const handover = isRoot ? `/run/timonel-${mark}` : folder;
  const masterSocket = join(folder, 'master.sock');
  const length = Buffer.byteLength(masterSocket);
  if (length > socketPathLimit) {
    throw fail('PROXY_HOME_TOO_LONG', { path: masterSocket, length, limit: socketPathLimit });
  }
  return {
    mark,
    folder,
    config: join(folder, 'haproxy.cfg'),
    draft: join(folder, 'haproxy.cfg.new'),
    table: join(folder, 'table.json'),
    master: join(folder, 'master.json'),
    masterSocket,
    statsSocket: join(folder, 'stats.sock'),
    log: join(folder, 'haproxy.log'),
    container: join(folder, 'container'),
    holdScript: join(folder, 'hold.lua'),
    policyScript: join(folder, 'policy.lua'),
    breakerMap: join(folder, 'breakers.map'),
    credentialMap: join(folder, 'credentials.map'),
    holdMap: join(folder, 'hold.map'),
    canaryMap: join(folder, 'canary.map'),
    certificateList: join(folder, 'certificates.txt'),
    challengeMap: join(folder, 'challenges.map'),
    certificates: join(folder, 'certificates'),
    maps: join(folder, 'maps'),
    handover,
  };
}
