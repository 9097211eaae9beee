import { existsSync } from 'node:fs';
import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fail } from '#core/errors.ts';
import { type Block, contains, parseAddress, parseBlock, renderBlock, sizeOf } from '../network/subnet.ts';
import { loopbackAddresses, removeAddresses } from './loopback.ts';

/**
 * Where services' addresses come from: 198.18.0.0/15, set aside for tests of network devices (RFC 2544). No site uses
 * it and no engine takes its networks from it, so it collides with neither.
 */
const pool: Block = { base: parseAddress('198.18.0.0') ?? 0, bits: 15 };
const blockBits = 22;
const blockCount = sizeOf(pool.bits) / sizeOf(blockBits);

interface Claim {
  readonly home: string;
  readonly homeId: string;
  /** Folder of the machine's claims, one file a block; emptied by a reboot as the addresses are. */
  readonly claims: string;
  /** The block of an earlier claim, to be kept. */
  readonly known: string | undefined;
}

/**
 * Claims a block of the pool for a home, so that several homes run side by side on one machine.
 *
 * @throws DOCKER_ADDRESSES_TAKEN when the block of old is now another home's, or none is free
 */
export async function claimServiceBlock(claim: Claim): Promise<Block> {
  await mkdir(claim.claims, { recursive: true, mode: 0o755 });
  const candidates = claim.known === undefined ? candidatesOf(claim.homeId) : [parseBlock(claim.known)];
  for (const block of candidates) {
    if (block !== undefined && (await take(block, claim))) return block;
  }
  throw fail('DOCKER_ADDRESSES_TAKEN', { block: claim.known ?? renderBlock(pool) });
}

/** Gives a block back; the home that held it has no services any more. */
export async function releaseServiceBlock(claims: string, block: Block): Promise<void> {
  await rm(fileOf(claims, block), { force: true });
}

function fileOf(claims: string, block: Block): string {
  return join(claims, renderBlock(block).replace('/', '-'));
}

/** The addresses of a block that the host carries now. */
function carriedAddresses(block: Block): readonly string[] {
  return loopbackAddresses().filter((address) => contains(block, parseAddress(address) ?? 0));
}

function candidatesOf(homeId: string): readonly Block[] {
  const start = Number.parseInt(homeId.slice(0, 6), 16) % blockCount;
  return Array.from({ length: blockCount }, (_, step) => ({
    base: pool.base + ((start + step) % blockCount) * sizeOf(blockBits),
    bits: blockBits,
  }));
}

async function take(block: Block, { claims, home }: Claim): Promise<boolean> {
  const file = fileOf(claims, block);
  try {
    await writeFile(file, home, { flag: 'wx' });
    return true;
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'EEXIST')) throw error;
  }
  const holder = await readFile(file, 'utf8');
  if (holder === home) return true;
  if (holder !== '' && existsSync(holder)) return false;
  await removeAddresses(carriedAddresses(block));
  await writeFile(file, home);
  return true;
}
