import type { CanaryRouting } from './canary.ts';
import type { Authority } from './certificate.ts';
import type { RoutePolicy } from './policy.ts';

/** How a connection is understood: `http` requests are balanced one by one, `tcp` connections as a whole. */
export type Protocol = 'http' | 'tcp';

/** A port on which a service's instances listen. */
export interface Endpoint {
  readonly port: number;
  readonly protocol: Protocol;
  /** Why we take it for this protocol, for the plan: `label`, `app_protocol`, `probe`, `well-known`, ... */
  readonly because: string;
}

/** Which requests a route takes. A closed union, so that every renderer handles every form. */
export type Match =
  /** `*.example.org` takes every host with one label more than `example.org`. */
  | { readonly kind: 'host'; readonly name: string }
  | { readonly kind: 'host-regexp'; readonly pattern: string }
  | { readonly kind: 'path'; readonly path: string }
  | { readonly kind: 'path-prefix'; readonly prefix: string }
  | { readonly kind: 'path-regexp'; readonly pattern: string }
  | { readonly kind: 'method'; readonly method: string }
  | { readonly kind: 'header'; readonly name: string; readonly value: string }
  | { readonly kind: 'header-regexp'; readonly name: string; readonly pattern: string }
  | { readonly kind: 'query'; readonly name: string; readonly value: string }
  | { readonly kind: 'query-regexp'; readonly name: string; readonly pattern: string }
  | { readonly kind: 'client-ip'; readonly range: string }
  | { readonly kind: 'all'; readonly of: readonly Match[] }
  | { readonly kind: 'any'; readonly of: readonly Match[] }
  | { readonly kind: 'not'; readonly of: Match };

/** Where the certificates of an HTTPS route come from. */
export type Tls =
  | { readonly kind: 'none' }
  | { readonly kind: 'self-signed'; readonly domains?: Domains }
  | { readonly kind: 'file'; readonly certificate: string; readonly key: string }
  | { readonly kind: 'acme'; readonly authority: Authority; readonly domains?: Domains };

/** The names of each certificate, the main one first. Without them each host of the match has a certificate of its own. */
export type Domains = readonly (readonly string[])[];

export type Balance = 'roundrobin' | 'leastconn';

/** A route at the edge: the requests that match go to a port of a service. */
export interface Route {
  /** Unique in its project: the router's name in labels, or `SERVICE-N`. */
  readonly name: string;
  readonly project: string;
  readonly service: string;
  /** Port inside the instances. */
  readonly port: number;
  readonly match: Match;
  /** Higher wins; equal ones by the length of the rule, as Traefik does. */
  readonly priority: number;
  /** Edge entry points that carry it. */
  readonly entries: readonly ('http' | 'https')[];
  readonly tls: Tls;
  /** What happens to its requests on their way; nothing without it. */
  readonly policy?: RoutePolicy;
  /** Proxies in front of the edge that its project knows of; they count for the whole edge. */
  readonly trustedProxies?: readonly string[];
}

/** A backend's name: `project/service:port`. */
export type BackendId = `${string}/${string}:${number}`;

/** One instance behind a backend. `drain` finishes what it has and takes nothing new; `maint` takes nothing at all. */
export interface Server {
  /** The instance's id. */
  readonly id: string;
  readonly address: string;
  readonly port: number;
  /** Share of new requests relative to the others, 0 to 256. */
  readonly weight: number;
  /** `canary`: of the release that is being judged. */
  readonly side?: 'canary';
  readonly state: 'ready' | 'drain' | 'maint';
}

/** Requests wait, instead of failing, while a backend is held. */
export interface Hold {
  /** How long one request may wait, milliseconds; then it gets 503 with Retry-After. */
  readonly maxMs: number;
  /** How many may wait at once; more get 503 at once. */
  readonly limit: number;
}

export interface Backend {
  readonly id: BackendId;
  readonly project: string;
  readonly service: string;
  readonly port: number;
  readonly protocol: Protocol;
  readonly balance: Balance;
  readonly servers: readonly Server[];
  /** How clients are told apart while a canary is judged. */
  readonly canary?: CanaryRouting;
  /** Present while requests are held. */
  readonly held?: Hold;
}

/** A socket that the proxy listens on for one backend: a published port, or a service's address for its neighbours. */
export interface Listener {
  readonly kind: 'published' | 'neighbour';
  readonly address: string;
  readonly port: number;
  readonly backend: BackendId;
}

/** Everything the proxy must carry, for all projects of this home. Plain data; the proxy is made to equal it. */
export interface RouteTable {
  readonly backends: Readonly<Record<BackendId, Backend>>;
  readonly listeners: readonly Listener[];
  readonly routes: readonly Route[];
}
