import { existsSync } from 'node:fs';
import { hasCode } from '#core/errors.ts';
import type { Clock } from '#world/clock.ts';
import type { Layout } from '../layout.ts';
import { HostLauncher } from './host-launcher.ts';
import type { Launcher } from './launcher.ts';

interface Parts {
  readonly layout: Layout;
  readonly clock: Clock;
  /** The image that the user wants the proxy to run from, if any. */
  readonly image: string | undefined;
}

/** What a machine lacks: packages of the distribution, images of containers. */
export interface Lacking {
  readonly packages: readonly string[];
  readonly images: readonly string[];
  /** Packages that would do instead of the images. */
  readonly instead: readonly string[];
}

/** Where the proxy runs: the one place that decides it. */
export class Launchers {
  readonly #parts: Parts;
  readonly #host: HostLauncher;
  #container: Promise<Launcher> | undefined;

  constructor(parts: Parts) {
    this.#parts = parts;
    this.#host = new HostLauncher(parts.layout);
  }

  /** Of the proxy that runs, or was started last. */
  async last(): Promise<Launcher> {
    return this.#wasContainer() ? this.#inContainer() : this.#host;
  }

  /**
   * For a proxy that is to be started: the host's HAProxy unless the user named an image; a container where the host
   * has none that is good enough and a Docker Engine answers.
   *
   * @throws PROXY_NOT_INSTALLED, PROXY_UNSUITABLE; what is wrong with the engine, where the proxy was in a container
   */
  async choose(): Promise<Launcher> {
    const container = () => this.#inContainer();
    const isWanted = this.#parts.image !== undefined;
    return chooseLauncher({ host: this.#host, container, isWanted, wasContainer: this.#wasContainer() });
  }

  /** What has to be brought before a proxy can be started; nothing when that would not help. */
  async lacking(): Promise<Lacking> {
    try {
      const image = await (await this.choose()).missingImage();
      if (image === undefined) return { packages: [], images: [], instead: [] };
      const wouldDo = this.#parts.image === undefined ? packagesFor(await obstacleTo(this.#host)) : [];
      return { packages: [], images: [image], instead: wouldDo };
    } catch (error) {
      // Whatever else is wrong is for the start to say.
      return { packages: packagesFor(error), images: [], instead: [] };
    }
  }

  /** Fetches the image that is lacking. @throws PROXY_IMAGE_MISSING */
  async fetchImage(): Promise<void> {
    await (await this.choose()).fetchImage();
  }

  #wasContainer(): boolean {
    return existsSync(this.#parts.layout.container);
  }

  /** Most homes never need what this loads. */
  #inContainer(): Promise<Launcher> {
    this.#container ??= load(this.#parts);
    return this.#container;
  }
}

async function load({ layout, clock, image }: Parts): Promise<Launcher> {
  const [{ ContainerLauncher }, { usualImage }] = await Promise.all([
    import('./container-launcher.ts'),
    import('./proxy-container.ts'),
  ]);
  return new ContainerLauncher({ layout, clock, image: image ?? usualImage });
}

interface Choice {
  readonly host: Launcher;
  readonly container: () => Promise<Launcher>;
  /** The user named an image. */
  readonly isWanted: boolean;
  /** The proxy ran in a container before. */
  readonly wasContainer: boolean;
}

export async function chooseLauncher({ host, container, isWanted, wasContainer }: Choice): Promise<Launcher> {
  const lack = isWanted ? undefined : await obstacleTo(host);
  if (!isWanted && lack === undefined) return host;
  const second = await container();
  const trouble = await obstacleTo(second);
  if (trouble === undefined) return second;
  // Where it worked before, the engine is what has changed; elsewhere it was never more than a way out.
  throw wasContainer ? trouble : (lack ?? trouble);
}

function packagesFor(obstacle: unknown): readonly string[] {
  return hasCode(obstacle, 'PROXY_NOT_INSTALLED') ? ['haproxy'] : [];
}

async function obstacleTo(launcher: Launcher): Promise<unknown> {
  try {
    await launcher.demandUsable();
    return undefined;
  } catch (error) {
    return error;
  }
}
