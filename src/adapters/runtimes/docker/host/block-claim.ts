import { type Block, renderBlock } from '../network/subnet.ts';
import { type DockerHome, recordBlock } from '../state/home.ts';
import { claimServiceBlock, releaseServiceBlock } from './service-block.ts';

/** This machine's claims to blocks of service addresses; a reboot empties it, as it empties the interfaces. */
const claims = '/run/timonel/service-blocks';

/** A home's claim to its block of service addresses: made on first use, kept over restarts, given back at the end. */
export class BlockClaim {
  readonly #folder: string;
  readonly #home: DockerHome;
  #known: string | undefined;
  #block: Promise<Block> | undefined;

  constructor(folder: string, home: DockerHome) {
    this.#folder = folder;
    this.#home = home;
    this.#known = home.block;
  }

  block(): Promise<Block> {
    this.#block ??= this.#claim().catch((error: unknown) => {
      this.#block = undefined;
      throw error;
    });
    return this.#block;
  }

  async release(): Promise<void> {
    if (this.#known === undefined && this.#block === undefined) return;
    const block = await this.block();
    this.#block = undefined;
    this.#known = undefined;
    await recordBlock(this.#home, undefined);
    await releaseServiceBlock(claims, block);
  }

  async #claim(): Promise<Block> {
    const block = await claimServiceBlock({
      home: this.#folder,
      homeId: this.#home.id,
      claims,
      known: this.#known,
    });
    this.#known = renderBlock(block);
    await recordBlock(this.#home, this.#known);
    return block;
  }
}
