import type { Location } from '#core/location.ts';

/** A route of `x-timonel.route`, as far as an nginx file can ask for one. Its keys are written in this order. */
export interface RouteSetting {
  readonly host?: string | readonly string[];
  readonly path?: string | readonly string[];
  readonly rule?: string;
  readonly port?: number;
  readonly scheme?: 'https';
  readonly tls?: true | { readonly certificate: string; readonly key: string };
  readonly entries?: readonly ('http' | 'https')[];
  readonly priority?: number;
  readonly balance?: 'leastconn';
  readonly allow?: readonly string[];
  readonly basicAuth?: { readonly users: readonly string[]; readonly realm?: string };
  readonly rateLimit?: RateLimit | readonly RateLimit[];
  readonly inFlight?: number | { readonly amount: number; readonly by: CountedBy };
  readonly redirect?: { readonly from: string; readonly to: string; readonly permanent: boolean };
  readonly maxBody?: string;
  readonly timeout?: { readonly answer?: string; readonly silence?: string };
  readonly retry?: { readonly attempts: number; readonly statuses?: readonly number[] };
  readonly stripPrefix?: string;
  readonly rewrite?: readonly { readonly from: string; readonly to: string }[];
  readonly requestHeaders?: Readonly<Record<string, string>>;
  readonly responseHeaders?: Readonly<Record<string, string>>;
  readonly compress?: true;
  readonly sticky?: true;
}

export type CountedBy = 'address' | 'host' | { readonly header: string };

export interface RateLimit {
  readonly average: number;
  readonly period?: string;
  readonly burst: number;
  readonly by?: CountedBy;
}

/** A route and where in the file it comes from. */
export interface ImportedRoute {
  readonly service: string;
  readonly at: Location;
  /** `location /api`, for the comment beside it. */
  readonly origin: string;
  readonly setting: RouteSetting;
}

/** What an nginx file comes to. */
export interface Imported {
  readonly routes: readonly ImportedRoute[];
  /** Of `set_real_ip_from`: who may say for whom it asks. */
  readonly trustedProxies: readonly string[];
}
