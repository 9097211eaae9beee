import type { ServiceSpec } from '#model/spec.ts';

/** An image's name, taken apart: `docker.io/library/postgres:16-alpine` is name `postgres`, tag `16-alpine`. */
export interface ImageName {
  readonly name: string;
  readonly tag: string;
}

/** A server found on this machine. */
export interface Installed {
  /** Folder of its programs. */
  readonly folder: string;
  /** `15.14`, as the program says. */
  readonly version: string;
}

/** What a provider knows when it says how to start. Paths are those that the instance sees. */
export interface ProviderContext {
  readonly spec: ServiceSpec;
  readonly installed: Installed;
  readonly address: string;
  readonly port: number;
  /** Is there a volume at this path? */
  isMounted(target: string): boolean;
  /** A folder of the instance alone; what is in it goes when the instance is removed. */
  readonly privateFolder: string;
}

/** How the server is started in place of the image. */
export interface ProviderStart {
  readonly argv: readonly string[];
  readonly cwd: string;
  /** The account it runs as when we are root and the account exists. */
  readonly account: string;
  /** Variables that the image sets; the file's own win. */
  readonly environment: Readonly<Record<string, string>>;
  /** Folders whose content must belong to the account, as the image's own entrypoint sees to. */
  readonly owns: readonly string[];
  /** Folders of the instance alone that stand at places where the image's clients look. */
  readonly folders: readonly string[];
  /** Small programs in front of PATH: name to shell text. They give clients the address they would not guess. */
  readonly wrappers: Readonly<Record<string, string>>;
}

/** A locally installed server that stands in for a well-known image. One file each; see docs/providers.md. */
export interface Provider {
  readonly name: string;
  /** Debian packages that bring it. */
  readonly packages: readonly string[];
  readonly ports: readonly number[];
  /** Sent instead of SIGTERM when the file names no stop signal, as the image declares. */
  readonly stopSignal: NodeJS.Signals;
  /** The image's documented variables that are honoured, with what they do. */
  readonly environment: Readonly<Record<string, string>>;
  matches(image: ImageName): boolean;
  /** The installed server that fits `tag` best; undefined when there is none. */
  find(tag: string): Installed | undefined;
  start(context: ProviderContext): ProviderStart;
}

/** Takes an image reference apart; a registry of its own keeps its name, so it matches no provider. */
export function parseImage(reference: string): ImageName {
  const [bare = ''] = reference.split('@');
  const [, path = '', tag = 'latest'] = /^(.*?)(?::([\w][\w.-]*))?$/.exec(bare) ?? [];
  return {
    name: path.replace(/^(docker\.io|registry-1\.docker\.io|index\.docker\.io)\//, '').replace(/^library\//, ''),
    tag,
  };
}

/** The leading number of a tag or version: `16-alpine` gives 16. */
export function majorOf(text: string): number | undefined {
  const digits = /^v?(\d+)/.exec(text)?.[1];
  return digits === undefined ? undefined : Number(digits);
}
