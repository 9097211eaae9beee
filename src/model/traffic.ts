import type { CanaryRouting } from './canary.ts';
import type { Balance, Endpoint, Hold, Route } from './route.ts';

/**
 * One instance of a service as its traffic sees it. `serving` takes new requests, `leaving` finishes what it has,
 * `closing` takes nothing at all and is about to be stopped. A service without a port has members too: they are the
 * instances that do its work.
 */
export interface Member {
  /** The instance's id. */
  readonly id: string;
  readonly release: number;
  readonly address: string | undefined;
  /** Ports it listens on; it stands behind the backend of each. */
  readonly ports: readonly number[];
  readonly weight: number;
  /** `canary`: of the release that is being judged. */
  readonly side?: 'canary';
  readonly share: 'serving' | 'leaving' | 'closing';
}

/** A published port of the Compose file: where the proxy listens, and for which port of the service. */
export interface PublishedPort {
  /** Undefined: the edge's own address. */
  readonly address: string | undefined;
  readonly port: number;
  readonly target: number;
  /** Where the proxy really listens while a container that was taken over holds the port. */
  readonly via?: number;
  /** On its way from `via` to the real port: the proxy listens on both. */
  readonly moving?: true;
}

/** What the outside sees of a service. */
export interface Exposure {
  readonly routes: readonly Route[];
  readonly published: readonly PublishedPort[];
}

/** `timonel pause`: the requests of a service wait although its instances run, until `timonel resume`. */
export interface Pause {
  readonly hold: Hold;
  /** Milliseconds since the epoch. */
  readonly since: number;
  readonly by: string;
  /** It is over, but the proxy may not have followed yet: the record goes when it has. */
  readonly ending?: true;
}

/** Everything the proxy carries for one service; a route table is rendered from all of these. */
export interface ServiceTraffic {
  readonly endpoints: readonly Endpoint[];
  readonly balance: Balance;
  /** The address that stands for the service towards its neighbours. */
  readonly address: string | undefined;
  readonly exposure: Exposure;
  readonly members: readonly Member[];
  /** While a deployment has nobody to answer. */
  readonly held?: Hold;
  readonly paused?: Pause;
  /** How clients are told apart while a canary is judged. */
  readonly canary?: CanaryRouting;
}

/** By service. */
export type ProjectTraffic = Readonly<Record<string, ServiceTraffic>>;

/** Who serves, and with which share of the new requests. */
export type Rotation = readonly {
  readonly instance: string;
  readonly weight: number;
  readonly side?: 'canary';
}[];
