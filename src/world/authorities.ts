import type { Authority, CertificateFacts, OrderAttempts } from '#model/certificate.ts';

/** An order of one certificate. */
export interface CertificateOrder {
  /** What it is known by: the main name. */
  readonly host: string;
  /** All names that it is for. */
  readonly names: readonly string[];
  readonly authority: Authority;
}

/** How the order's http-01 question gets its answer; a dns-01 question goes to the user's command. */
export type AnswerChallenge = (token: string, answer: string | undefined) => Promise<void>;

/** Certificate authorities, what they issued to this home, and how its orders went. Shared by all projects. */
export interface Authorities {
  /** What was issued for all the names and is kept; undefined when there is none. */
  issued(order: CertificateOrder): CertificateFacts | undefined;

  /**
   * Orders a certificate and keeps it, with a new key, where the proxy's adapter finds it. May take minutes.
   *
   * @throws CERTIFICATE_NO_ADDRESS, CERTIFICATE_HOOK_FAILED, CERTIFICATE_ORDER_FAILED
   */
  order(order: CertificateOrder, answer: AnswerChallenge, signal: AbortSignal): Promise<CertificateFacts>;

  /** Orders that have not succeeded, by a key of host and authority. */
  attempts(): Readonly<Record<string, OrderAttempts>>;
  /** `undefined` forgets the key. On disk when the call returns. */
  setAttempts(key: string, attempts: OrderAttempts | undefined): void;
}
