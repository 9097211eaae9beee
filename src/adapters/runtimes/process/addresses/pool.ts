import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { fail } from '#core/errors.ts';
import { readJson, writeJson } from '../atomic-file.ts';
import type { Home } from '../home.ts';

/** The lower half of a block is for instances, the upper for services. */
const instanceRange = { from: 0, to: 127 };
const serviceRange = { from: 128, to: 255 };
const perRow = 254;

/** Hands out loopback addresses of one block. */
export class AddressPool {
  readonly #home: Home;
  readonly #block: number;
  readonly #taken: Set<string>;
  #cursor: number;

  /** `taken`: addresses of the instances that exist. */
  constructor(home: Home, block: number, taken: readonly string[]) {
    this.#home = home;
    this.#block = block;
    this.#taken = new Set(taken);
    this.#cursor = Math.max(0, ...taken.map((address) => indexOf(address, block) + 1));
  }

  /** A free address for an instance. Goes round, so that one just given back is not soon somebody else's. */
  take(): string {
    const size = (instanceRange.to - instanceRange.from + 1) * perRow;
    for (let step = 0; step < size; step++) {
      const address = this.#at(instanceRange.from, (this.#cursor + step) % size);
      if (this.#taken.has(address)) continue;
      this.#cursor = (this.#cursor + step + 1) % size;
      this.#taken.add(address);
      return address;
    }
    throw fail('RUNTIME_NO_ADDRESS', { home: this.#home.root });
  }

  give(address: string): void {
    this.#taken.delete(address);
  }

  /** The address of a service towards its neighbours; written down, so it stays. */
  ofService(project: string, service: string): string {
    const path = this.#servicesPath(project);
    const own = addressesIn(path, this.#block);
    const known = own[service];
    if (known !== undefined) return known;
    const address = this.#freeForService();
    writeJson(path, { ...own, [service]: address });
    return address;
  }

  #freeForService(): string {
    const { projects } = this.#home;
    const names = existsSync(projects) ? readdirSync(projects) : [];
    const taken = new Set(names.flatMap((name) => Object.values(addressesIn(this.#servicesPath(name), this.#block))));
    const size = (serviceRange.to - serviceRange.from + 1) * perRow;
    for (let index = 0; index < size; index++) {
      const address = this.#at(serviceRange.from, index);
      if (!taken.has(address)) return address;
    }
    throw fail('RUNTIME_NO_ADDRESS', { home: this.#home.root });
  }

  #servicesPath(project: string): string {
    return join(this.#home.project(project), 'services.json');
  }

  #at(row: number, index: number): string {
    return `127.${this.#block}.${row + Math.floor(index / perRow)}.${1 + (index % perRow)}`;
  }
}

/** Addresses of another block are of no use: the home had to move away from it. */
function addressesIn(path: string, block: number): Readonly<Record<string, string>> {
  const entries = Object.entries(readJson(path) ?? {}).filter(
    (entry): entry is [string, string] => typeof entry[1] === 'string' && entry[1].startsWith(`127.${block}.`),
  );
  return Object.fromEntries(entries);
}

function indexOf(address: string, block: number): number {
  const [first, second, row = 0, last = 0] = address.split('.').map(Number);
  return first === 127 && second === block ? row * perRow + last - 1 : -1;
}
