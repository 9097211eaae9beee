import type { ProxyOptions } from '#balancer/options.ts';
import type { ProcessId } from '../processes.ts';

/**
 * How the proxy's processes come to be: as a program of the host, or in a container. Once they run they are the same
 * to everybody else: processes of the host, with the home's sockets and files.
 */
export interface Launcher {
  readonly kind: 'host' | 'container';
  /** What the configuration must know of the place where it runs. */
  readonly terms: Pick<ProxyOptions, 'user' | 'maxConnections'>;
  /** Could a proxy be started here now? Throws why not. */
  demandUsable(): Promise<void>;
  /** The image that has to be fetched first, if any. */
  missingImage(): Promise<string | undefined>;
  /** Fetches the image that is missing. */
  fetchImage(): Promise<void>;
  /** Starts HAProxy with these arguments. Nothing of an earlier proxy runs any more. */
  launch(args: readonly string[]): Promise<Launched>;
  /** HAProxy's first complaint about a configuration file, or undefined when it accepts it. */
  complaintAbout(config: string): Promise<string | undefined>;
  /** Listens to what the proxy says from now on; call what it returns to hear it. */
  listen(): Promise<() => Promise<string>>;
  /** What a user types to read all that the proxy said. */
  readonly logCommand: string;
  /** What a user types to have a configuration checked. */
  checkCommand(config: string): string;
  /** Takes away what is left of a proxy whose processes have ended. */
  clear(): Promise<void>;
}

export interface Launched {
  /** The master; undefined when it ended at once. */
  readonly id: ProcessId | undefined;
  /** How a master that is no more has ended. */
  howItEnded(): Promise<string>;
}
