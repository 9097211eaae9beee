import { createHash } from 'node:crypto';
import { chmodSync, existsSync, lstatSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fail } from '#core/errors.ts';
import { readJson, writeJson } from '../atomic-file.ts';
import type { Home } from '../home.ts';

/** Claims of all homes of the machine, whoever owns them; what is in it is lost at a reboot, as the listeners are. */
const claims = '/tmp/.timonel-blocks';

/**
 * The second number of this home's addresses, 127.BLOCK.y.z: it follows from the home's path, goes on from there past
 * blocks that another home has claimed or where somebody listens, and stays the same from then on.
 *
 * @throws RUNTIME_NO_ADDRESS when every block is taken
 */
export function claimBlock(home: Home, wish: number | undefined): number {
  const path = join(home.process, 'block.json');
  const kept = readJson(path)?.block;
  const busy = listeningBlocks();
  const first = wish ?? createHash('sha256').update(home.root).digest()[0] ?? 0;
  const candidates = Array.from({ length: 254 }, (_, step) => 1 + ((first + step + 253) % 254));
  const ordered = wish !== undefined ? [wish] : typeof kept === 'number' ? [kept, ...candidates] : candidates;
  for (const block of ordered) {
    // Listeners in the block that was ours before are our own instances.
    if (block !== kept && busy.has(block)) continue;
    if (!claim(block, home.root)) continue;
    if (block !== kept) {
      writeJson(path, { block });
      removeLeftClaims();
    }
    return block;
  }
  throw fail('RUNTIME_NO_ADDRESS', { home: home.root });
}

function claim(block: number, home: string): boolean {
  const path = join(claims, String(block));
  try {
    if (!existsSync(claims)) {
      mkdirSync(claims, { recursive: true });
      chmodSync(claims, 0o1777);
    }
    writeFileSync(path, home, { flag: 'wx', mode: 0o644 });
    return true;
  } catch {
    const holder = read(path);
    if (holder === home) return true;
    if (holder === undefined || stillHolds(holder, block)) return false;
    return removed(path) && claim(block, home);
  }
}

/** Of homes that are gone: what is not taken away by who made it, or by root, stands in the way of all other accounts. */
function removeLeftClaims(): void {
  for (const name of readdirSync(claims)) {
    const holder = read(join(claims, name));
    if (holder !== undefined && !existsSync(holder)) removed(join(claims, name));
  }
}

/** A claim of another account is only its own to give up. */
function removed(path: string): boolean {
  try {
    rmSync(path, { force: true });
    return true;
  } catch {
    return false;
  }
}

function stillHolds(home: string, block: number): boolean {
  return existsSync(home) && readJson(join(home, 'process', 'block.json'))?.block === block;
}

function read(path: string): string | undefined {
  try {
    // Everybody may put things there, and some are never read to their end.
    return lstatSync(path).isFile() ? readFileSync(path, 'utf8') : undefined;
  } catch {
    return undefined;
  }
}

function listeningBlocks(): ReadonlySet<number> {
  return new Set(['/proc/net/tcp', '/proc/net/tcp6'].flatMap((path) => blocksIn(read(path) ?? '')));
}

/** proc(5) net/tcp: addresses are hexadecimal, the bytes of each 32-bit word in the machine's (little-endian) order. */
export function blocksIn(table: string): number[] {
  const listening = '0A';
  return table
    .split('\n')
    .map((line) => line.trim().split(/\s+/))
    .filter((fields) => fields[3] === listening)
    .map((fields) => (fields[1] ?? '').split(':')[0]?.slice(-8) ?? '')
    .filter((address) => address.endsWith('7F'))
    .map((address) => Number.parseInt(address.slice(4, 6), 16));
}
