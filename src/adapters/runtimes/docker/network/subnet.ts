/** An IPv4 block: its first address as a number, and its prefix length. */
export interface Block {
  readonly base: number;
  readonly bits: number;
}

/** Addresses from `first` to `last`, both included. */
export interface Range {
  readonly first: number;
  readonly last: number;
}

/** Reads `10.1.0.0/24`; undefined for anything else, IPv6 too. */
export function parseBlock(text: string): Block | undefined {
  const match = /^(\d+\.\d+\.\d+\.\d+)\/(\d+)$/.exec(text);
  const address = parseAddress(match?.[1] ?? '');
  const bits = Number(match?.[2]);
  if (address === undefined || !(bits >= 0 && bits <= 32)) return undefined;
  return { base: address - (address % sizeOf(bits)), bits };
}

export function renderBlock({ base, bits }: Block): string {
  return `${renderAddress(base)}/${bits}`;
}

export function parseAddress(text: string): number | undefined {
  const parts = text.split('.').map(Number);
  if (parts.length !== 4 || !parts.every((part) => Number.isInteger(part) && part >= 0 && part <= 255))
    return undefined;
  return parts.reduce((sum, part) => sum * 256 + part, 0);
}

export function renderAddress(address: number): string {
  return [24, 16, 8, 0].map((shift) => Math.floor(address / 2 ** shift) % 256).join('.');
}

export function parseRange(text: string): Range | undefined {
  const [first, last] = text.split('-').map(parseAddress);
  return first === undefined || last === undefined ? undefined : { first, last };
}

export function renderRange({ first, last }: Range): string {
  return `${renderAddress(first)}-${renderAddress(last)}`;
}

export function contains(block: Block, address: number): boolean {
  return address >= block.base && address < block.base + sizeOf(block.bits);
}

export function sizeOf(bits: number): number {
  return 2 ** (32 - bits);
}

/** How we divide a network's subnet. */
export interface Division {
  /** What the engine may give out by itself. */
  readonly dynamic: Block;
  /** What we give to instances, so that a restart never moves one. */
  readonly instances: Range;
  /** What services get where the network is cut off from the rest of the host (`internal`). */
  readonly services: Range;
}

/**
 * Halves the subnet: the engine gives out the lower half (its gateway is there), we the upper. The last eighth is for
 * services. Undefined when it is too small to be worth it.
 */
export function divide(subnet: Block): Division | undefined {
  if (subnet.bits > 28) return undefined;
  const size = sizeOf(subnet.bits);
  const half = subnet.base + size / 2;
  const lastEighth = subnet.base + (size / 8) * 7;
  return {
    dynamic: { base: subnet.base, bits: subnet.bits + 1 },
    instances: { first: half, last: lastEighth - 1 },
    services: { first: lastEighth, last: subnet.base + size - 2 },
  };
}

/** The first free address of a range from `start` on, going round once; undefined when all are taken. */
export function nextFree(range: Range, start: number, taken: ReadonlySet<number>): number | undefined {
  const size = range.last - range.first + 1;
  const offset = Math.max(0, start - range.first) % size;
  for (let step = 0; step < size; step++) {
    const address = range.first + ((offset + step) % size);
    if (!taken.has(address)) return address;
  }
  return undefined;
}
