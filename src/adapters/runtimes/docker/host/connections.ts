import { readdir, readFile, readlink } from 'node:fs/promises';

/** An open TCP connection, as /proc/net/tcp lists it. */
export interface Connection {
  readonly local: string;
  readonly remote: string;
  readonly inode: string;
}

const established = '01';

/** Reads a `/proc/.../net/tcp` or `tcp6` table: `A.B.C.D:PORT` on both sides, established connections only. */
export function parseConnections(table: string): readonly Connection[] {
  return table
    .split('\n')
    .slice(1)
    .flatMap((line) => {
      const [, local, remote, state, , , , , , inode] = line.trim().split(/\s+/);
      if (local === undefined || remote === undefined || inode === undefined || state !== established) return [];
      return [{ local: endpointOf(local), remote: endpointOf(remote), inode }];
    });
}

/** The kernel writes addresses as hexadecimal words of the machine's own byte order; IPv4 within IPv6 has them last. */
function endpointOf(text: string): string {
  const [address = '', port = ''] = text.split(':');
  const bytes = address.slice(-8).match(/../g) ?? [];
  return `${bytes
    .toReversed()
    .map((byte) => Number.parseInt(byte, 16))
    .join('.')}:${Number.parseInt(port, 16)}`;
}

/**
 * Connections to these ports of a process's network that do not come from the host itself, or come through
 * `docker-proxy`: those that the proxy of ours knows nothing of.
 */
export async function directConnections(pid: number, ports: readonly number[]): Promise<number> {
  const inside = (await connectionsOf(String(pid))).filter((one) => ports.includes(portOf(one.local)));
  if (inside.length === 0) return 0;
  const outside = new Map((await connectionsOf('self')).map((one) => [`${one.local} ${one.remote}`, one.inode]));
  const carried = await inodesOf('docker-proxy');
  return inside.filter(({ local, remote }) => {
    const inode = outside.get(`${remote} ${local}`);
    return inode === undefined || carried.has(inode);
  }).length;
}

function portOf(endpoint: string): number {
  return Number(endpoint.slice(endpoint.lastIndexOf(':') + 1));
}

async function connectionsOf(pid: string): Promise<readonly Connection[]> {
  const tables = await Promise.all(
    ['tcp', 'tcp6'].map((name) => readFile(`/proc/${pid}/net/${name}`, 'utf8').catch(() => '')),
  );
  return tables.flatMap(parseConnections);
}

/** Sockets of all processes with this name. */
async function inodesOf(name: string): Promise<ReadonlySet<string>> {
  const inodes = new Set<string>();
  for (const pid of (await readdir('/proc')).filter((one) => /^\d+$/.test(one))) {
    const comm = await readFile(`/proc/${pid}/comm`, 'utf8').catch(() => '');
    if (comm.trim() !== name) continue;
    for (const fd of await readdir(`/proc/${pid}/fd`).catch(() => [])) {
      const target = await readlink(`/proc/${pid}/fd/${fd}`).catch(() => '');
      const inode = /^socket:\[(\d+)\]$/.exec(target)?.[1];
      if (inode !== undefined) inodes.add(inode);
    }
  }
  return inodes;
}
