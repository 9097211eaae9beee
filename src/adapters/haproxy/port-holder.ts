import { readdirSync, readFileSync, readlinkSync } from 'node:fs';
import { addressesOf } from '#balancer/sockets.ts';
import { hostAddresses } from './host-addresses.ts';
import { processName } from './processes.ts';

/** Who listens on a port. `pid` is 0 when it is a process that we may not look into. */
export interface PortHolder {
  readonly pid: number;
  readonly name: string;
}

interface Listening {
  readonly address: string;
  readonly port: number;
  readonly inode: string;
}

/**
 * Who keeps `address:port` from being listened on, processes in `ours` left out. HAProxy itself would not notice
 * another HAProxy there: both set SO_REUSEPORT, and the kernel shares the connections out between them.
 */
export function findPortHolder(address: string, port: number, ours: ReadonlySet<number>): PortHolder | undefined {
  const wanted = new Set(addressesOf(address, hostAddresses()));
  const rivals = listening().filter((one) => one.port === port && (isAny(one.address) || wanted.has(one.address)));
  if (rivals.length === 0) return undefined;
  const holders = holdersOf(new Set(rivals.map((one) => one.inode)));
  for (const { inode } of rivals) {
    const pids = holders.get(inode) ?? [];
    if (pids.some((pid) => ours.has(pid))) continue;
    const pid = pids[0];
    return pid === undefined ? { pid: 0, name: 'of another user' } : { pid, name: processName(pid) ?? '?' };
  }
  return undefined;
}

/** Does one of these processes listen there already? */
export function isHeldBy(address: string, port: number, pids: ReadonlySet<number>): boolean {
  const wanted = new Set(addressesOf(address, hostAddresses()));
  const inodes = new Set(
    listening()
      .filter((one) => one.port === port && wanted.has(one.address))
      .map((one) => one.inode),
  );
  return inodes.size > 0 && [...pids].some((pid) => socketsOf(String(pid)).some((inode) => inodes.has(inode)));
}

function isAny(address: string): boolean {
  return address === '0.0.0.0' || address === '::' || address === '*';
}

/** proc(5), /proc/net/tcp: addresses in hexadecimal of the machine's byte order, state 0A is LISTEN. */
function listening(): Listening[] {
  return ['/proc/net/tcp', '/proc/net/tcp6'].flatMap((file) =>
    readTable(file)
      .map((line) => line.trim().split(/\s+/))
      .filter((fields) => fields[3] === '0A')
      .map((fields) => {
        const [address = '', port = ''] = (fields[1] ?? '').split(':');
        return { address: addressOf(address), port: Number.parseInt(port, 16), inode: fields[9] ?? '' };
      }),
  );
}

function readTable(file: string): string[] {
  try {
    return readFileSync(file, 'latin1').split('\n').slice(1);
  } catch {
    // A kernel without IPv6 has no such table.
    return [];
  }
}

function addressOf(hex: string): string {
  const words = hex.match(/.{8}/g) ?? [];
  const bytes = words.flatMap((word) => (word.match(/../g) ?? []).reverse().map((byte) => Number.parseInt(byte, 16)));
  if (bytes.length === 4) return bytes.join('.');
  if (bytes.every((byte) => byte === 0)) return '::';
  if (bytes.slice(0, 10).every((byte) => byte === 0) && bytes[10] === 255) return bytes.slice(12).join('.');
  return compressed(bytes);
}

/** The usual text of an IPv6 address; the URL parser knows its rules. */
function compressed(bytes: readonly number[]): string {
  const groups = Array.from({ length: 8 }, (_, index) => ((bytes[index * 2] ?? 0) << 8) | (bytes[index * 2 + 1] ?? 0));
  return new URL(`http://[${groups.map((group) => group.toString(16)).join(':')}]`).hostname.slice(1, -1);
}

/** Which processes hold these sockets open. */
function holdersOf(inodes: ReadonlySet<string>): Map<string, number[]> {
  const found = new Map<string, number[]>();
  for (const pid of readdirSync('/proc').filter((name) => /^\d+$/.test(name))) {
    for (const inode of socketsOf(pid)) {
      if (inodes.has(inode)) found.set(inode, [...(found.get(inode) ?? []), Number(pid)]);
    }
  }
  return found;
}

function socketsOf(pid: string): string[] {
  try {
    return readdirSync(`/proc/${pid}/fd`).flatMap((fd) => {
      try {
        return /^socket:\[(\d+)\]$/.exec(readlinkSync(`/proc/${pid}/fd/${fd}`))?.[1] ?? [];
      } catch {
        return [];
      }
    });
  } catch {
    // It ended meanwhile, or belongs to another user.
    return [];
  }
}
