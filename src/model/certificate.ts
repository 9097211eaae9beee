import type { Said } from '#core/messages/say.ts';

/** Who issues certificates by RFC 8555 (ACME), and how it is shown that a name is ours. */
export interface Authority {
  /** URL of the authority's directory object (RFC 8555, section 7.1.1). */
  readonly directory: string;
  /** Where the authority writes to when a certificate is about to expire. */
  readonly email?: string;
  readonly challenge: Challenge;
  /** PEM file of the roots that the authority's own HTTPS is verified by; the machine's without it. */
  readonly ca?: string;
}

export type Challenge =
  /** The proxy answers under /.well-known/acme-challenge/ on port 80 (RFC 8555, section 8.3). */
  | { readonly kind: 'http-01' }
  /** A command of the user sets and removes a TXT record (RFC 8555, section 8.4). */
  | { readonly kind: 'dns-01'; readonly hook: readonly string[]; readonly cwd: string };

/** What a certificate says about itself. Times in milliseconds since the epoch. */
export interface CertificateFacts {
  readonly names: readonly string[];
  readonly issuer: string;
  readonly notBefore: number;
  readonly notAfter: number;
}

export type CertificateSource = 'self-signed' | 'file' | 'acme';

/** A certificate as the proxy presents it. */
export interface ServedCertificate extends CertificateFacts {
  /** The host that it is presented to, the main one of several; undefined for the one that unknown hosts get. */
  readonly host: string | undefined;
  /** Projects that ask for it. */
  readonly projects: readonly string[];
  /** Where the route wants it from. */
  readonly source: CertificateSource;
  /** A self-signed one stands in for what is not there yet. */
  readonly standIn: boolean;
  /** Why the wanted one is not presented. */
  readonly problem?: Said;
}

/** What happened to the order of a certificate so far. Gone once it succeeded. */
export interface OrderAttempts {
  /** Orders placed in a row without success, the one under way included. */
  readonly count: number;
  readonly lastAt: number;
  /** Not before this moment is the next one placed. */
  readonly nextAt: number;
  /** Undefined while it is under way, or when the daemon ended during it. */
  readonly error?: Said;
}

/** A host's certificate and its order, as `certificates` shows them. */
export interface CertificateStatus {
  readonly host: string | undefined;
  readonly projects: readonly string[];
  readonly source: CertificateSource;
  /** `served`: as wanted; `stand-in`: a self-signed one until the wanted one is there. */
  readonly state: 'served' | 'stand-in';
  readonly issuer: string;
  /** ISO 8601. */
  readonly expires: string;
  /** URL of the authority that issues it. */
  readonly authority: string | undefined;
  readonly attempts: number;
  readonly problem: Said | undefined;
  /** ISO 8601: when the next order is placed, for a renewal too. */
  readonly nextTry: string | undefined;
}
