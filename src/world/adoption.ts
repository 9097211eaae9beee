import type { Source } from '#model/spec.ts';

/** A container that another tool made for a project, as it really is. */
export interface FoundContainer {
  /** The runtime's own id. */
  readonly container: string;
  readonly name: string;
  readonly service: string;
  /** Its place among its equals. */
  readonly number: number;
  readonly state: 'running' | 'exited';
  /** Of one that has ended. */
  readonly exitCode: number;
  readonly address: string | undefined;
  readonly image: FoundImage;
  readonly process: FoundProcess;
  readonly mounts: readonly FoundMount[];
  readonly published: readonly FoundPort[];
  /** Those of its published ports that answer on IPv6 too. */
  readonly onIpv6: readonly number[];
  /** Clients that are connected to its published ports now. */
  readonly openConnections: number;
  /** Names of the networks that it is on. */
  readonly networks: readonly string[];
}

/** The image that a container runs. */
export interface FoundImage {
  /** Pinned to what is here. */
  readonly source: Extract<Source, { kind: 'image' }>;
  /** Every name under which it is known here: tags, digests, its id. */
  readonly names: readonly string[];
  /** What it says of the process. */
  readonly process: FoundProcess;
}

export interface FoundProcess {
  readonly environment: Readonly<Record<string, string>>;
  readonly command: readonly string[];
  readonly entrypoint: readonly string[];
  readonly user: string;
}

export interface FoundMount {
  readonly type: string;
  /** Of a volume its name, of a bind its absolute path. */
  readonly source: string;
  readonly target: string;
}

export interface FoundPort {
  readonly address: string;
  readonly port: number;
  readonly target: number;
  readonly protocol: 'tcp' | 'udp';
}

/** What becomes of a found container: from now on it is this instance. */
export interface Taking {
  readonly container: string;
  readonly id: string;
  readonly service: string;
  readonly release: number;
  readonly fingerprint: string;
  readonly source: Source;
}

/** New connections to `address:port` of this host reach `via`, where the proxy listens, while a container holds the port. */
export interface Diversion {
  readonly address: string;
  readonly port: number;
  readonly via: number;
}

/** How a runtime takes over what another tool started. Every method may be called again after a crash. */
export interface AdoptionPort {
  /** Containers of the project that are nobody's instance. Reads only. */
  find(project: string): Promise<readonly FoundContainer[]>;

  /** From now on these are instances of ours. Nothing that runs is stopped or changed but its restart policy. */
  take(project: string, takings: readonly Taking[]): Promise<void>;

  /** The opposite of `take`, for all of the project: they are the other tool's again. */
  giveBack(project: string): Promise<void>;

  /** Makes exactly these diversions of the project stand. */
  divert(project: string, diversions: readonly Diversion[]): Promise<void>;

  /** Those of the project's ports that a container still holds. */
  heldPorts(project: string): Promise<readonly FoundPort[]>;

  /** Connections to the instance's ports that do not pass the proxy; 0 for an instance that was never another tool's. */
  directConnections(project: string, id: string): Promise<number>;

  /** Published ports, of these, that the host's packet filter seems to refuse to programs that are not containers. */
  refusedByFirewall(ports: readonly number[]): Promise<readonly number[]>;
}
